import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discover } from '../src/transport/discover.ts';
import { attach } from '../src/transport/trace-client.ts';
import { RecordReader, served, temporaryDirectory, turn } from './serving.ts';

const records = (ring: number) => `${JSON.stringify({ want: 'records', ring })}\n`;

/** What the drain has of the one producer there is. */
const producerOf = ({ drain }: Awaited<ReturnType<typeof served>>) => drain.state().producers[0];

/** Attached, and asked for records. */
async function readerOf(trace: Awaited<ReturnType<typeof served>>): Promise<RecordReader> {
  const reader = new RecordReader(trace.path, records(trace.id));
  while (!reader.greeted) await turn();
  // Its request is read in the turns that follow the greeting.
  while (reader.offered === 0) {
    trace.publish(1);
    await turn();
  }
  return reader;
}

describe('records are delivered or dropped, and each is counted once', () => {
  it('to a reader that keeps up, all of them, in order', async () => {
    const trace = await served();
    const reader = await readerOf(trace);
    const first = reader.sequences[0] as number;
    for (let i = 0; i < 20; i++) {
      trace.publish(1000);
      while (reader.received < reader.offered || reader.offered + first < trace.published()) await turn();
    }
    expect(reader.dropped).toBe(0);
    expect(reader.sequences).toEqual(Array.from({ length: reader.received }, (_, i) => first + i));
    expect(reader.numbers).toEqual(reader.sequences);
    expect([...reader.threads]).toEqual([0]);
    expect(producerOf(trace)).toMatchObject({
      emitted: trace.published(),
      delivered: trace.published(),
      dropped: 0,
    });
  });

  it('with a reader that stops reading and goes on later', async () => {
    const trace = await served();
    const reader = await readerOf(trace);
    reader.socket.pause();
    // 200,000 records are 12.8 MB: more than waits for a reader and fits into the socket.
    trace.publish(200_000);
    expect(producerOf(trace)).toMatchObject({ emitted: trace.published(), delivered: trace.published() });
    reader.socket.resume();
    void trace.server.close('done');
    await reader.closed;
    expect(reader.reason).toBe('done');
    expect(reader.dropped).toBeGreaterThan(0);
    expect(reader.received + reader.dropped).toBe(reader.offered);
  });

  it('with a slow reader, in whole batches', async () => {
    const trace = await served();
    const reader = await readerOf(trace);
    for (let i = 0; i < 50; i++) {
      trace.publish(2000);
      reader.socket[i % 2 === 0 ? 'pause' : 'resume']();
      await turn();
    }
    reader.socket.resume();
    void trace.server.close('done');
    await reader.closed;
    expect(reader.received + reader.dropped).toBe(reader.offered);
    expect(producerOf(trace)).toMatchObject({ emitted: trace.published(), delivered: trace.published() });
  });

  it('with a reader that is killed', async () => {
    const trace = await served();
    const reader = await readerOf(trace);
    reader.socket.pause();
    trace.publish(100_000);
    reader.socket.destroy();
    trace.publish(100_000);
    await trace.viewers(0);
    expect(producerOf(trace)).toMatchObject({
      emitted: trace.published(),
      delivered: trace.published(),
      dropped: 0,
    });
    expect(trace.notes).toEqual([
      expect.stringMatching(/^a viewer read too slowly: \d+ records and 0 states/),
    ]);
  });

  it('with readers that attach and detach 100 times', async () => {
    const trace = await served();
    for (let i = 0; i < 100; i++) {
      const reader = await readerOf(trace);
      trace.publish(100);
      reader.socket.destroy();
      await trace.viewers(0);
    }
    expect(producerOf(trace)).toMatchObject({
      emitted: trace.published(),
      delivered: trace.published(),
      dropped: 0,
    });
  });

  it('with a ring that overflows', async () => {
    const trace = await served();
    const { bus, source, drain } = trace;
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 1500; i++) {
        bus.publish('block.stored', { source, tier: 'l0', time: 1e6, keys: [i], cause: 'computed' });
      }
      drain.pass();
    }
    // Of each 1,500, 1,024 fit.
    expect(producerOf(trace)).toMatchObject({ emitted: 15_000, delivered: 10_240, dropped: 4760 });
  });
});

describe('viewers', () => {
  it('get the state at once, and the last one with the reason of the end', async () => {
    const trace = await served();
    trace.publish(5);
    const events: number[] = [];
    let ended = (_: string | undefined): void => undefined;
    const reason = new Promise((resolve) => {
      ended = resolve;
    });
    await attach(trace.path, () => ({ want: 'state' }), {
      state: (state) => events.push(state.events),
      ended,
    });
    while (events.length === 0) await turn();
    trace.publish(5);
    await trace.server.close('enough');
    expect(await reason).toBe('enough');
    expect(events).toEqual([5, 10]);
  });

  it('past the sixteenth are told so', async () => {
    const trace = await served();
    const readers = Array.from({ length: 16 }, () => new RecordReader(trace.path, '{"want":"state"}\n'));
    await trace.viewers(16);
    const refused = new RecordReader(trace.path, '{"want":"state"}\n');
    await refused.closed;
    expect(refused.reason).toBe('16 viewers are attached already');
    for (const { socket } of readers) socket.destroy();
    await trace.viewers(0);
  });

  it.each(['nonsense\n', '{"want":"all"}\n', '{"want":"records"}\n', 'x'.repeat(1000)])(
    'that ask for %j are told what can be asked for',
    async (request) => {
      const trace = await served();
      const reader = new RecordReader(trace.path, request);
      await reader.closed;
      expect(reader.reason).toContain('{"want":"state"}');
    },
  );
});

describe('the directory', () => {
  it('and its sockets are for this user alone, and a socket is gone after its trace', async () => {
    const directory = join(temporaryDirectory(), 'traces');
    const { path, server } = await served(directory);
    expect([statSync(directory).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
    await server.close('over');
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['open to others', (directory: string) => chmodSync(directory, 0o755), 'is open to others'],
    ['a file', (directory: string) => writeFileSync(join(directory, 'traces'), ''), 'EEXIST'],
  ])('that is %s leaves the trace without viewers, with one line why', async (_, spoil, why) => {
    const parent = temporaryDirectory();
    const directory = join(parent, 'traces');
    if (why === 'EEXIST') spoil(parent);
    else {
      mkdirSync(directory);
      spoil(directory);
    }
    const trace = await served(directory);
    expect(trace.path).toBeUndefined();
    expect(trace.notes).toEqual([expect.stringContaining(why)]);
    trace.publish(10);
    expect(producerOf(trace)).toMatchObject({ delivered: 10 });
  });

  it('with a path that is too long for a socket does so too', async () => {
    const trace = await served(join(temporaryDirectory(), 'x'.repeat(100)));
    expect(trace.notes).toEqual([
      expect.stringMatching(/is longer than 103 bytes; choose another directory$/),
    ]);
  });
});

describe('discovery', () => {
  it('finds traced processes, removes the sockets of those that are gone, and touches nothing else', async () => {
    const directory = join(temporaryDirectory(), 'traces');
    const { path } = await served(directory);
    const stale = join(directory, '1-1.sock');
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(join(directory, 'other'), resolve));
    // A server that closes removes its own socket: a link keeps it, as a killed process does.
    linkSync(join(directory, 'other'), stale);
    await new Promise((resolve) => gone.close(resolve));
    writeFileSync(join(directory, 'notes.txt'), '');
    const found = await discover(directory);
    expect(found.map(({ socket, hello }) => [socket, hello.title])).toEqual([[path, 'test']]);
    expect([existsSync(stale), existsSync(join(directory, 'notes.txt'))]).toEqual([false, true]);
  });

  it('finds nothing where there is no directory', async () => {
    expect(await discover(join(temporaryDirectory(), 'none'))).toEqual([]);
  });
});
