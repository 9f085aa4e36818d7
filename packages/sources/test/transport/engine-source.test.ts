import { ScriptedClock } from '@kvscope/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineOptions, EngineSource } from '../../src/index.ts';
import { writeSequence } from '../../src/sequence/sequence-frames.ts';
import { bytes } from '../decode/payloads.ts';
import { connectPublisher, type DoubleOptions, PublisherDouble } from './publisher-double.ts';
import { counters, eventually, only, remove, store, watch } from './setup.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});
const kept = <T extends { close(): void }>(each: T): T => {
  open.push(each);
  return each;
};

const NONE = { lastSequence: undefined, missed: 0, replayed: 0, duplicates: 0, restarts: 0, dropped: 0 };

async function start(
  doubleOptions: DoubleOptions & { replay?: boolean } = {},
  options: Partial<EngineOptions> = {},
) {
  const { replay = true, ...rest } = doubleOptions;
  const engine = kept(await PublisherDouble.start(rest));
  const watched = await watch({
    endpoints: [engine.endpoint],
    ...(replay && { replayEndpoints: [engine.replayEndpoint] }),
    ...options,
  });
  kept<EngineSource>(watched.source);
  await engine.joined();
  return { engine, ...watched, statistics: only(watched.monitor) };
}

describe('a stream that arrives whole', () => {
  it('comes through in order', async () => {
    const { engine, source, statistics, told } = await start();
    await engine.publish([store(1n, 2n)]);
    await engine.publish([remove(1n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(1));
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n, 2n]],
      ['block.evicted', 'l0', [1n]],
    ]);
    expect(source.held()).toEqual([1, 0, 0]);
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 1 });
    await eventually(() => expect(statistics.connected).toBe(true));
    expect(statistics.batches).toBe(2);
  });
});

describe('without a replay endpoint', () => {
  it('counts what was dropped, doubled and late', async () => {
    const { engine, source, statistics, told } = await start({ replay: false });
    const batches = Array.from({ length: 8 }, (_, i) => engine.make([store(BigInt(i + 1))]));
    // 2 and 3 are dropped, 4 comes twice, 6 comes after 7.
    for (const i of [0, 1, 4, 4, 5, 7, 6]) await engine.send(batches[i] as (typeof batches)[0]);
    await engine.publish([store(9n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(8));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 8, missed: 3, duplicates: 2 });
    // 0 and 1, forgotten; 4 and 5, forgotten; 7 and 8.
    expect(source.held()).toEqual([2, 0, 0]);
    expect(told().filter(([event]) => event === 'source.reset')).toHaveLength(2);
  });

  it('counts frames that are no batch, and goes on', async () => {
    const { engine, statistics } = await start({ replay: false });
    await engine.publish([store(1n)]);
    await engine.sendFrames('', 'x');
    await engine.sendFrames('', Buffer.alloc(7), 'x');
    await engine.sendFrames('', writeSequence(1), 'x', 'y');
    await engine.sendFrames('', writeSequence(1), Buffer.from([0xc1]));
    await engine.sendFrames('', writeSequence(2), bytes([9, [store(2n)], 0]));
    await eventually(() => expect(statistics.lastSequence).toBe(2));
    expect([statistics.errors('frames'), statistics.errors('invalid'), statistics.errors()]).toEqual([
      3, 1, 4,
    ]);
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 2 });
  });
});

describe.each(['bare', 'topic'] as const)('with replies of the %s style', (style) => {
  it('a late joiner gets all that was published before', async () => {
    const engine = kept(await PublisherDouble.start({ style }));
    for (let i = 0; i < 50; i++) engine.make([store(BigInt(i))]);
    const { source, monitor } = await watch({
      endpoints: [engine.endpoint],
      replayEndpoints: [engine.replayEndpoint],
    });
    kept(source);
    await engine.joined();
    await engine.publish([remove(7n)]);
    const statistics = only(monitor);
    await eventually(() => expect(statistics.lastSequence).toBe(50));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 50, replayed: 50 });
    expect(source.held()).toEqual([49, 0, 0]);
    expect(engine.asked).toEqual([0]);
  });

  it('live batches wait for a gap to be replayed, and late ones close it', async () => {
    const { engine, statistics, told } = await start({ style });
    await engine.publish([store(1n)]);
    const release = engine.holdReplays();
    engine.make([remove(1n)]);
    await engine.publish([store(1n)]);
    await engine.publish([store(2n)]);
    await eventually(() => expect(engine.asked).toEqual([1]));
    expect(statistics.lastSequence).toBe(0);
    release();
    await eventually(() => expect(statistics.lastSequence).toBe(3));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 3, replayed: 1 });
    expect(told()).toEqual([
      ['block.stored', 'l0', [1n]],
      ['block.evicted', 'l0', [1n]],
      ['block.stored', 'l0', [1n]],
      ['block.stored', 'l0', [2n]],
    ]);

    engine.holdReplays();
    const late = engine.make([store(3n)]);
    await engine.publish([store(4n)]);
    await engine.send(late);
    await eventually(() => expect(statistics.lastSequence).toBe(5));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 5, replayed: 1 });
  });

  it('a buffer that is too short leaves the rest missed, with one reset', async () => {
    const { engine, source, statistics, told } = await start({ style, buffer: 3 });
    await engine.publish([store(100n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(0));
    for (let i = 1; i < 10; i++) engine.make([store(BigInt(i))]);
    await engine.publish([store(10n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(10));
    // The buffer holds 8, 9 and 10; 10 came live first, so that 1 to 7 are missed.
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 10, missed: 7, replayed: 2 });
    expect(source.held()).toEqual([3, 0, 0]);
    expect(told()).toEqual([
      ['block.stored', 'l0', [100n]],
      ['source.reset'],
      ['block.stored', 'l0', [8n]],
      ['block.stored', 'l0', [9n]],
      ['block.stored', 'l0', [10n]],
    ]);
  });

  it('a publisher that is gone and comes back goes on where it was', async () => {
    const { engine, source, statistics } = await start({ style });
    await engine.publish([store(1n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(0));
    await eventually(() => expect(statistics.connected).toBe(true));
    engine.close();
    await eventually(() => expect(statistics.connected).toBe(false));
    const back = kept(await PublisherDouble.start({ style, at: engine }));
    // Published while nobody could hear it, with the numbers of the same start.
    back.make([store(1n)], 0);
    for (let i = 1; i < 6; i++) back.make([store(BigInt(i + 1))]);
    await back.joined();
    await back.publish([remove(1n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(6));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 6, replayed: 5 });
    expect([statistics.connected, statistics.reconnects]).toEqual([true, 1]);
    expect(source.held()).toEqual([5, 0, 0]);
  });

  it('a restart forgets what was, and gets what the new start said before it was heard', async () => {
    const { engine, source, statistics, told } = await start({ style });
    await engine.publish([store(1n, 2n)]);
    await engine.publish([store(3n)]);
    await engine.publish([store(4n)]);
    await eventually(() => expect(statistics.lastSequence).toBe(2));
    engine.close();
    const restarted = kept(await PublisherDouble.start({ style, at: engine }));
    restarted.make([store(7n)], 100);
    await restarted.joined();
    await restarted.publish([store(8n)], 101);
    await eventually(() => expect(source.held()).toEqual([2, 0, 0]));
    expect(counters(statistics)).toEqual({ ...NONE, lastSequence: 1, replayed: 1, restarts: 1 });
    expect(told().slice(-3)).toEqual([
      ['source.reset'],
      ['block.stored', 'l0', [7n]],
      ['block.stored', 'l0', [8n]],
    ]);
  });
});

describe('endpoints', () => {
  it('are bound for engines that connect, each publisher told apart by its topic', async () => {
    const { source, monitor } = await watch({
      endpoints: ['tcp://127.0.0.1:*'],
      bind: true,
      topic: 'kv@',
    });
    kept(source);
    const { publisher } = await connectPublisher(source.endpoints[0] as string);
    kept(publisher);
    // Sent again until the subscription has reached the publisher: there is no other sign of it.
    let sequence = 0;
    await eventually(() => {
      void publisher.send(['kv@pod-1@model', writeSequence(sequence), bytes([sequence, [store(1n)], 0])]);
      sequence++;
      expect(monitor.publishers.size).toBe(1);
    });
    await publisher.send(['kv@pod-2@model', writeSequence(0), bytes([1, [store(1n)], 0])]);
    await publisher.send(['other', writeSequence(0), bytes([1, [store(1n)], 0])]);
    await eventually(() => expect(monitor.publishers.size).toBe(2));
    expect([...monitor.publishers].map(({ publisher: name }) => name)).toEqual([
      'kv@pod-1@model',
      'kv@pod-2@model',
    ]);
    await eventually(() => expect(source.held()[0]).toBe(2));
  });

  it('that are bound have room for 64 publishers, and a new one takes the place of one long silent', async () => {
    const clock = new ScriptedClock();
    const { source, monitor } = await watch({ endpoints: ['tcp://127.0.0.1:*'], bind: true }, clock);
    kept(source);
    const { publisher } = await connectPublisher(source.endpoints[0] as string);
    kept(publisher);
    const send = (topic: number, sequence: number) =>
      publisher.send([`pod-${topic}`, writeSequence(sequence), bytes([1, [store(BigInt(topic))], 0])]);
    let sequence = 0;
    await eventually(() => {
      void send(0, sequence++);
      expect(monitor.publishers.size).toBe(1);
    });
    for (let topic = 1; topic <= 64; topic++) await send(topic, 0);
    const [first] = monitor.publishers;
    await eventually(() => expect(first?.errors('too_many_sources')).toBe(1));
    await eventually(() => expect([monitor.publishers.size, source.held()[0]]).toEqual([64, 64]));

    clock.advance(600_000);
    for (let topic = 0; topic < 64; topic++) if (topic !== 7) await send(topic, 1000);
    await send(64, 0);
    const newest = () => [...monitor.publishers].at(-1);
    await eventually(() => expect([newest()?.publisher, newest()?.lastSequence]).toEqual(['pod-64', 0]));
    const names = [...monitor.publishers].map(({ publisher: name }) => name);
    expect([names.length, names.includes('pod-7')]).toEqual([64, false]);
    // Each of the others stored its block again after a gap.
    expect(source.held()[0]).toBe(64);
  });

  it('of further ranks are at the ports behind', async () => {
    const [first, second] = await neighbours();
    const { source, monitor, heard } = await watch({ endpoints: [first.endpoint], ranks: 2 });
    kept(source);
    await Promise.all([first.joined(), second.joined()]);
    await first.publish([store(1n)]);
    await second.sendFrames('', writeSequence(0), bytes([1, [store(1n)], 1]));
    await eventually(() => expect(source.held()[0]).toBe(2));
    expect([...monitor.publishers].map(({ publisher, rank }) => [publisher, rank])).toEqual([
      ['engine', 0],
      ['engine', 1],
    ]);
    expect(heard).toHaveLength(2);
  });

  it('several have names of their own', async () => {
    const engines = [kept(await PublisherDouble.start()), kept(await PublisherDouble.start())];
    const { source, monitor } = await watch({ endpoints: engines.map(({ endpoint }) => endpoint) });
    kept(source);
    expect([...monitor.publishers].map(({ publisher }) => publisher)).toEqual(['engine-0', 'engine-1']);
  });

  it('are left with nothing behind', async () => {
    const { engine, source, monitor, bus } = await start();
    await engine.publish([store(1n)]);
    await eventually(() => expect(bus.sources.size).toBe(1));
    source.close();
    source.close();
    expect([monitor.publishers.size, bus.sources.size]).toEqual([0, 0]);
  });

  it.each([
    [{ endpoints: [] }, /endpoints is 0; allowed: at least one/],
    [{ endpoints: ['http://a'], ranks: 2 }, /endpoint is 'http:\/\/a'; allowed: tcp:/],
    [
      { endpoints: ['tcp://a:1'], replayEndpoints: ['a', 'b'] },
      /replayEndpoints is 2; allowed: none, or one for each/,
    ],
    [
      { endpoints: ['tcp://a:1'], bind: true, replayEndpoints: ['a'] },
      /replayEndpoints is 1; allowed: none with bind/,
    ],
    [{ endpoints: ['tcp://a:65535'], ranks: 2 }, /port of rank 1 is 65536; allowed: at most 65535/],
    [{ endpoints: ['tcp://a:1'], name: 'x'.repeat(129) }, /allowed: 1 to 128 characters/],
    [{ endpoints: ['tcp://*:5557'] }, /^tcp:\/\/\*:5557 cannot be connected to: Invalid argument$/],
    [
      { endpoints: ['tcp://no.such.interface:1'], bind: true },
      /^tcp:\/\/no.such.interface:1 cannot be bound: /,
    ],
  ])('that cannot be are refused: %j', async (options, message) => {
    await expect(watch(options)).rejects.toThrow(message);
  });
});

/** Two publishers on neighbouring ports that the system gave. */
async function neighbours(): Promise<[PublisherDouble, PublisherDouble]> {
  for (let attempt = 0; ; attempt++) {
    const first = kept(await PublisherDouble.start());
    const port = Number(first.endpoint.split(':')[2]);
    try {
      return [first, kept(await PublisherDouble.start({ endpoint: `tcp://127.0.0.1:${port + 1}` }))];
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
