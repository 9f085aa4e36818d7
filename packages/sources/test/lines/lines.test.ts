import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedClock } from '@kvscope/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followFile, type LineAddress, LineIngest, listenForLines, readLines } from '../../src/index.ts';
import { listen } from '../ingest/setup.ts';
import { eventually } from '../transport/setup.ts';

const line = (key: number) => `{"event":"block.released","time":1,"tier":"l0","keys":[${key}]}\n`;

function setup() {
  const { bus, heard } = listen();
  const ingest = new LineIngest({ name: 'lines', bus });
  return {
    ingest,
    keys: () => heard.flatMap(({ keys }) => keys as number[]),
    statistics: ingest.statistics,
  };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a stream', () => {
  it('is cut into lines wherever its chunks end, to a last line without an end', async () => {
    const { ingest, keys } = setup();
    const bytes = Buffer.from(line(1) + line(2) + line(3).trimEnd());
    async function* chunks() {
      for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
    }
    await readLines(chunks(), ingest);
    expect(keys()).toEqual([1, 2, 3]);
  });

  it('loses a line that is too long, and no other', async () => {
    const { ingest, keys, statistics } = setup();
    async function* chunks() {
      yield Buffer.from(`${line(1)}${'x'.repeat(1000)}`);
      yield Buffer.from(`${'x'.repeat(1000)}\n${line(2)}`);
    }
    await readLines(chunks(), ingest, { maxLineBytes: 500 });
    expect(keys()).toEqual([1, 2]);
    expect(statistics.errors('oversized')).toBe(1);
  });
});

describe('a followed file', () => {
  it('is waited for, read as it grows, and through rotation and truncation', async () => {
    const { ingest, keys, statistics } = setup();
    const path = join(folder, 'events.ndjson');
    const file = followFile(path, ingest, { clock: new ScriptedClock() });
    await file.poll();
    expect(statistics.connected).toBe(false);

    await writeFile(path, line(1) + line(2).slice(0, 10));
    await file.poll();
    await appendFile(path, line(2).slice(10));
    await file.poll();
    expect([statistics.connected, keys()]).toEqual([true, [1, 2]]);

    // Added after the last look, then rotated away.
    await appendFile(path, line(3));
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, line(4));
    await writeFile(path, line(5));
    await file.poll();
    expect(keys()).toEqual([1, 2, 3, 4, 5]);

    await truncate(path);
    await appendFile(path, line(6).replace('"time":1', '"time":9'));
    await truncate(path, 0);
    await file.poll();
    await appendFile(path, line(7));
    await file.poll();
    expect(keys()).toEqual([1, 2, 3, 4, 5, 7]);
    expect(statistics.reconnects).toBe(2);
    await file.close();
    expect(statistics.connected).toBe(false);
  });

  it('is begun at its end on request, and looked at by the clock', async () => {
    const { ingest, keys } = setup();
    const clock = new ScriptedClock();
    const path = join(folder, 'events.ndjson');
    await writeFile(path, line(1));
    const file = followFile(path, ingest, { clock, fromEnd: true, intervalMs: 100 });
    await file.poll();
    await appendFile(path, line(2));
    clock.advance(100);
    await eventually(() => expect(keys()).toEqual([2]));
    await file.close();
    expect(clock.timers).toBe(0);
  });
});

describe('a listener', () => {
  async function send(socket: Socket, text: string): Promise<void> {
    await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  }

  it.each([
    ['tcp', () => ({ port: 0 })],
    ['a unix socket', () => ({ path: join(folder, 'events.sock') })],
  ] as const)('takes lines over %s, each connection a stream of its own', async (_, address) => {
    const { ingest, keys, statistics } = setup();
    const listener = await listenForLines(address() as LineAddress, ingest);
    const to = () => {
      const [host, port] = listener.address.split(':');
      return port === undefined ? connect(listener.address) : connect(Number(port), host);
    };
    const [one, two] = [to(), to()];
    await send(one, line(1).slice(0, 20));
    await send(two, line(2));
    await eventually(() => expect(keys()).toEqual([2]));
    await send(one, line(1).slice(20));
    await eventually(() => expect(keys()).toEqual([2, 1]));
    expect(statistics.connected).toBe(true);
    one.destroy();
    two.end(line(3).trimEnd());
    await eventually(() => expect(statistics.connected).toBe(false));
    expect(keys()).toEqual([2, 1, 3]);
    await listener.close();
  });

  it('takes over the socket that a dead process left, not one that is in use', async () => {
    const { ingest } = setup();
    const path = join(folder, 'events.sock');
    const listener = await listenForLines({ path }, ingest);
    await expect(listenForLines({ path }, ingest)).rejects.toThrow(/EADDRINUSE/);
    await listener.close();
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).toBe(true);
    const again = await listenForLines({ path }, ingest);
    await again.close();
  });

  it('leaves a file alone that is no socket', async () => {
    const { ingest } = setup();
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'mine');
    await expect(listenForLines({ path }, ingest)).rejects.toThrow(/EADDRINUSE/);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('listens on loopback only, unless it is allowed not to', async () => {
    const { ingest } = setup();
    await expect(listenForLines({ port: 0, host: '0.0.0.0' }, ingest)).rejects.toThrow(
      /host is '0\.0\.0\.0'; allowed: a loopback address; set allowRemote/,
    );
  });
});
