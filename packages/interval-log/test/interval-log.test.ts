import { createBus, createSampler, createSource, startSubscriber, type Tier } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type IntervalLogOptions, type IntervalSnapshot, intervalLog, mergeSnapshots } from '../src/index.ts';

function setup(options: IntervalLogOptions = {}) {
  const bus = createBus();
  const clock = new ScriptedClock();
  const recorder = new MemoryRecorder();
  const lines: string[] = [];
  const snapshots: IntervalSnapshot[] = [];
  const log = (line: string, snapshot: IntervalSnapshot): void => {
    lines.push(line);
    snapshots.push(snapshot);
  };
  const environment = { bus, clock, recorder, sampler: createSampler(1e-9) };
  const running = startSubscriber(intervalLog, environment, { log, ...options });
  const source = createSource({}, bus);
  return {
    bus,
    clock,
    running,
    recorder,
    lines,
    snapshots,
    transferred: (from: Tier, to: Tier, blocks: number, bytes: number, ms: number, failed = false) =>
      bus.publish('transfer.finished', {
        source,
        from,
        to,
        blocks,
        bytes,
        startTime: 0,
        time: ms,
        ...(failed && { errorType: 'timeout' as const }),
      }),
    lookedUp: (tier: Tier, blocks: number, hits: number) =>
      bus.publish('lookup.finished', { source, tier, blocks, hits, startTime: 0, time: 0 }),
    waited: (ms: number, operation: 'load' | 'save' = 'load') =>
      bus.publish('layer.waited', {
        source,
        batch: 1,
        layer: 1,
        first: false,
        tasks: 1,
        operation,
        startTime: 0,
        time: ms,
      }),
  };
}

describe('one line an interval', () => {
  it('tells what moved at what mean rate, what was hit, and what stalled', () => {
    const { clock, lines, transferred, lookedUp, waited } = setup();
    transferred('l1', 'l0', 2, 1.5e9, 400);
    transferred('l1', 'l0', 1, 0.5e9, 100, true);
    transferred('l0', 'l1', 1, 64, 0);
    lookedUp('l0', 10, 2);
    lookedUp('l1', 8, 3);
    waited(25);
    waited(1);
    waited(50, 'save');
    clock.advance(10_000);
    expect(lines).toEqual([
      'KV cache, last 10 s: l0->l1 1 transfer, 1 block, 64 B in 0 s; ' +
        'l1->l0 2 transfers, 3 blocks, 2 GB in 0.5 s (4 GB/s), 1 failed; ' +
        'hits l0 2 of 10, l1 3 of 8; 1 stall, 0.025 s',
    ]);
  });

  it('tells of each thing once, and says nothing when nothing happened', () => {
    const { clock, lines, lookedUp } = setup({ interval: 1 });
    lookedUp('l2', 5, 1);
    clock.advance(5000);
    lookedUp('l2', 7, 7);
    clock.advance(500);
    expect(lines).toEqual(['KV cache, last 1 s: hits l2 1 of 5']);
    clock.advance(500);
    expect(lines.slice(1)).toEqual(['KV cache, last 1 s: hits l2 7 of 7']);
  });

  it.each([
    [999, '999 B'],
    [1000, '1 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1_234_567, '1.23 MB'],
    [5e18, '5000 PB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    const { clock, lines, transferred } = setup();
    transferred('l2', 'l1', 1, bytes, 0);
    clock.advance(10_000);
    expect(lines).toEqual([`KV cache, last 10 s: l2->l1 1 transfer, 1 block, ${text} in 0 s`]);
  });

  it('goes to OTel diag unless a logger is given', () => {
    const told: string[] = [];
    const ignore = (): void => {};
    const logger = { error: ignore, warn: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, info: (line) => told.push(line) }, DiagLogLevel.INFO);
    onTestFinished(() => diag.disable());
    const { clock, lookedUp } = setup({ log: undefined as never });
    lookedUp('l0', 1, 1);
    clock.advance(10_000);
    expect(told).toEqual(['KV cache, last 10 s: hits l0 1 of 1']);
  });

  it('a logger that throws is counted, and hears of the next interval', () => {
    let calls = 0;
    const { bus, clock, lookedUp } = setup({
      log: () => {
        calls++;
        throw new Error('disk full');
      },
    });
    lookedUp('l0', 1, 1);
    clock.advance(10_000);
    lookedUp('l0', 1, 1);
    clock.advance(10_000);
    expect(calls).toBe(2);
    expect(bus.failures.get('intervalLog')).toBe(2);
  });
});

it('the snapshots of workers can be posted and merged', () => {
  const [worker, other] = [setup(), setup()];
  for (const { transferred, lookedUp, clock } of [worker, other]) {
    transferred('l1', 'l0', 1, 100, 10);
    lookedUp('l0', 4, 1);
    clock.advance(10_000);
  }
  const [a, b] = [...worker.snapshots, ...other.snapshots].map((snapshot) => structuredClone(snapshot));
  const merged = mergeSnapshots(a as IntervalSnapshot, b as IntervalSnapshot);
  expect(merged.transfers.l1.l0).toEqual({ transfers: 2, failed: 0, blocks: 2, bytes: 200, seconds: 0.02 });
  expect(merged.lookups.l0).toEqual({ asked: 8, hits: 2 });
});

describe('an event that contradicts itself is counted as a failure and nowhere else', () => {
  it.each<[string, (cache: ReturnType<typeof setup>) => void]>([
    ['a transfer backwards in time', ({ transferred }) => transferred('l0', 'l1', 1, 1, -1)],
    ['a transfer of NaN bytes', ({ transferred }) => transferred('l0', 'l1', 1, Number.NaN, 1)],
    ['a transfer to no tier', ({ transferred }) => transferred('l0', '__proto__' as Tier, 1, 1, 1)],
    ['a lookup of no tier', ({ lookedUp }) => lookedUp('constructor' as Tier, 1, 1)],
    ['more hits than blocks', ({ lookedUp }) => lookedUp('l0', 1, 2)],
    ['an endless wait', ({ waited }) => waited(Number.POSITIVE_INFINITY)],
  ])('%s', (_, publish) => {
    const cache = setup();
    publish(cache);
    cache.clock.advance(10_000);
    expect(cache.lines).toEqual([]);
    expect(cache.bus.failures.get('intervalLog')).toBe(1);
  });
});

describe('options', () => {
  it.each([
    [{ interval: 0 }, 'intervalLog.interval is 0; allowed: a number from 0.1 to 86400 (default 10)'],
    [
      { stallThreshold: 61 },
      'intervalLog.stallThreshold is 61; allowed: a number from 0 to 60 (default 0.001)',
    ],
    [{ log: 'stdout' as never }, "intervalLog.log is 'stdout'; allowed: a function"],
    [{ every: 1 } as never, "field of intervalLog is 'every'; allowed: interval, stallThreshold, log"],
  ])('%o is refused by name, value and range', (options, message) => {
    expect(() => setup(options)).toThrow(new RangeError(message));
  });
});

it('stops without a handler, timer or line left, and records nothing at any time', () => {
  const { bus, clock, lines, recorder, running, lookedUp } = setup();
  lookedUp('l0', 1, 1);
  running.stop();
  running.stop();
  clock.advance(60_000);
  expect([lines, clock.timers, bus.wants('lookup.finished')]).toEqual([[], 0, false]);
  expect(recorder.declared.size).toBe(0);
});
