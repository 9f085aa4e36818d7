import { SourceMonitor } from '@kvscope/sources';
import { expect, it } from 'vitest';
import { healthPages } from '../../src/watch/health-pages.ts';
import { lineAddress } from '../../src/watch/line-address.ts';
import { SourceStates } from '../../src/watch/source-state.ts';
import { StatusReader } from '../../src/watch/status.ts';
import { createStatusDisplay } from '../../src/watch/status-display.ts';
import { statusLines } from '../../src/watch/status-lines.ts';
import type { WatchedSource } from '../../src/watch/watched-source.ts';

function source(name: string, ended?: Promise<void>) {
  const monitor = new SourceMonitor();
  const made: WatchedSource = {
    name,
    places: [],
    monitor,
    ...(ended && { ended }),
    stop: async () => undefined,
    close: () => undefined,
  };
  return { made, monitor };
}

it('gives the rate between two readings, and waits for publishers', () => {
  const { made, monitor } = source('engine');
  let now = 0;
  const status = new StatusReader([made], new SourceStates(), () => now);
  expect(statusLines(status.read()).slice(1)).toEqual([
    'engine  waiting         -    -       -        -       -',
    'resident  l0 -  l1 -  l2 -',
  ]);
  const publisher = monitor.publisher('engine', 0);
  publisher.connected = true;
  publisher.lagMs = 12;
  publisher.event('stored', 5000);
  now = 2000;
  const read = status.read();
  expect(read.sources[0]).toMatchObject({ state: 'connected', publishers: [{ eventsPerSecond: 2500 }] });
  expect(statusLines(read)[1]).toMatch(/^engine +connected +2,500 +12 ms +0 +0 +0$/);
  now = 3000;
  expect(status.read().sources[0]?.publishers[0]?.eventsPerSecond).toBe(0);
});

it('shows a publisher that calls itself what a terminal would obey', () => {
  const { made, monitor } = source('engine');
  monitor.publisher('kv@\u001b[2J', 0);
  const [, row] = statusLines(new StatusReader([made], new SourceStates()).read());
  expect(row).toMatch(/^kv@\ufffd\[2J /);
});

it('is ready when each source is connected or was read to its end', async () => {
  const states = new SourceStates();
  const engine = source('engine');
  const file = source('file', Promise.resolve());
  const opened: WatchedSource[] = [];
  const pages = healthPages(['engine', 'file'], opened, states);
  expect(pages['/readyz']?.()).toEqual({ status: 503, text: 'not connected: engine\nnot connected: file' });
  for (const { made } of [engine, file]) {
    states.follow(made);
    opened.push(made);
  }
  await file.made.ended;
  await Promise.resolve();
  expect(pages['/readyz']?.()).toEqual({ status: 503, text: 'not connected: engine' });
  engine.monitor.publisher('engine', 0).connected = true;
  expect(pages['/readyz']?.()).toEqual({ status: 200, text: 'ok' });
  engine.monitor.publisher('engine', 1);
  expect(pages['/readyz']?.().status).toBe(503);
  expect(pages['/healthz']?.()).toEqual({ status: 200, text: 'ok' });
});

it('draws over its own lines on a terminal, and writes nothing to a pipe', () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) > 0, columns: 5 };
  const display = createStatusDisplay({ ...stream, isTTY: true });
  display.show(['123456', 'b']);
  display.show(['c']);
  display.end();
  display.end();
  expect(written).toEqual(['1234\nb\n', '\x1b[2A\r\x1b[J', 'c\n', '\x1b[1A\r\x1b[J']);
  written.length = 0;
  const pipe = createStatusDisplay({ ...stream, isTTY: false });
  pipe.show(['a']);
  pipe.end();
  expect(written).toEqual([]);
});

it.each([
  ['unix:/run/kv.sock', { path: '/run/kv.sock' }],
  ['unix:///run/kv.sock', { path: '/run/kv.sock' }],
  ['tcp:9000', { port: 9000, allowRemote: false }],
  ['tcp://[::1]:9000', { host: '::1', port: 9000, allowRemote: false }],
  ['events.ndjson', undefined],
])('%s is %j', (from, address) => {
  expect(lineAddress(from, false)).toEqual(address);
});
