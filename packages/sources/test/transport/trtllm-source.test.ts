import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScriptedClock } from '@kvscope/core/testing';
import { afterEach, expect, it } from 'vitest';
import { openTrtllmSource, SourceMonitor } from '../../src/index.ts';
import { listen } from '../ingest/setup.ts';
import { eventually } from './setup.ts';

const HASH = '15760518052499183552';
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

async function setup() {
  const answers: (string | number)[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answer = answers.shift() ?? '[]';
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const { bus, told } = listen();
  const monitor = new SourceMonitor();
  const clock = new ScriptedClock();
  const { port } = server.address() as AddressInfo;
  const source = openTrtllmSource(
    { url: `http://127.0.0.1:${port}`, intervalMs: 100, limits: { maxPayloadBytes: 2000 } },
    { bus, monitor, clock },
  );
  closing.push(() => source.close());
  const [statistics] = monitor.publishers;
  if (statistics === undefined) throw new Error('no publisher');
  return { answers, asked, told, clock, source, statistics, monitor };
}

const stored = (id: number, hash: string) =>
  `{"event_id":${id},"data":{"type":"stored","parent_hash":null,"blocks":[{"block_hash":${hash},"tokens":[],"cache_level":0}]},"window_size":4096}`;

it('asks by the clock and publishes what it is told, ids checked across answers', async () => {
  const { answers, asked, told, clock, statistics } = await setup();
  answers.push(`[${stored(0, HASH)}]`, `[${stored(1, '2')},${stored(5, '3')}]`);
  clock.advance(100);
  await eventually(() => expect(statistics.batches).toBe(1));
  clock.advance(100);
  await eventually(() => expect(statistics.batches).toBe(2));
  expect(asked).toEqual(['POST /kv_cache_events', 'POST /kv_cache_events']);
  expect(told()).toEqual([
    ['block.stored', 'l0', [BigInt(HASH)]],
    ['block.stored', 'l0', [2n]],
    ['source.reset'],
    ['block.stored', 'l0', [3n]],
  ]);
  expect([statistics.missed, statistics.connected]).toEqual([3, true]);
});

it('waits longer from one failure to the next, and counts the reconnect', async () => {
  const { answers, asked, clock, source, statistics } = await setup();
  await source.poll();
  answers.push(500, 500);
  await source.poll();
  expect(statistics.connected).toBe(false);
  clock.advance(100);
  await eventually(() => expect(asked).toHaveLength(3));
  await source.poll();
  clock.advance(100);
  expect(asked).toHaveLength(asked.length);
  await source.poll();
  expect([statistics.connected, statistics.reconnects]).toEqual([true, 1]);
});

it('does not read an answer that is too large', async () => {
  const { answers, source, statistics } = await setup();
  answers.push(`[${stored(0, HASH)}${' '.repeat(3000)}]`);
  await source.poll();
  expect(statistics.errors('oversized')).toBe(1);
});

it('leaves nothing behind', async () => {
  const { source, clock, monitor } = await setup();
  source.close();
  expect([clock.timers, monitor.publishers.size]).toEqual([0, 0]);
});

it('refuses what is no address', () => {
  expect(() => openTrtllmSource({ url: 'localhost:8000' })).toThrow(
    /url is 'localhost:8000'; allowed: an http/,
  );
});
