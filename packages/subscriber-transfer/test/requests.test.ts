import { createSource } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { abandoned, durations, type Setup, setup, sizes } from './setup.ts';

const CHUNKS = [
  [0, 0, 10, false],
  [1, 8, 15, false],
  [2, 20, 25, true],
] as const;

function sendAll(
  cache: Setup,
  order: readonly number[],
  rest: { requestId?: string; sessionId?: string } = {},
) {
  for (const i of order) {
    const [index, start, end, last] = CHUNKS[i] as (typeof CHUNKS)[number];
    cache.chunk(index, start, end, { last, ...rest });
  }
}

describe('a request', () => {
  it.each([[[0, 1, 2]], [[0, 2, 1]], [[1, 0, 2]], [[1, 2, 0]], [[2, 0, 1]], [[2, 1, 0]]])(
    'is recorded once, as the union of its chunks, whatever their order: %j',
    (order) => {
      const cache = setup();
      sendAll(cache, order.slice(0, 2));
      expect(durations(cache)).toEqual([]);
      sendAll(cache, order.slice(2));
      expect(durations(cache)).toEqual([0.02]);
      expect(sizes(cache)).toEqual([300]);
      expect(abandoned(cache)).toBe(0);
    },
  );

  it('carries the name of the backend, where the source has one', () => {
    const named = setup(undefined, { backend: 'nixl' });
    sendAll(named, [0, 1, 2]);
    const nameless = createSource({}, named.bus);
    named.chunk(0, 0, 1, { last: true, source: nameless });
    expect(named.recorder.measurements.map(({ attributes }) => attributes)).toEqual([
      { 'kv_cache.backend.name': 'nixl' },
      { 'kv_cache.backend.name': 'nixl' },
      {},
      {},
    ]);
  });

  it('is told apart by its session and its source', () => {
    const cache = setup();
    sendAll(cache, [0, 1], { sessionId: 'a' });
    sendAll(cache, [2], { sessionId: 'b' });
    cache.chunk(2, 20, 25, { sessionId: 'a', last: true, source: createSource({}, cache.bus) });
    expect(durations(cache)).toEqual([]);
    sendAll(cache, [2], { sessionId: 'a' });
    sendAll(cache, [0, 1], { sessionId: 'b' });
    expect(durations(cache)).toEqual([0.02, 0.02]);
  });

  it('takes each index once, and nothing of it again when it is complete', () => {
    const cache = setup();
    sendAll(cache, [0, 0, 1, 0, 2]);
    sendAll(cache, [2, 1, 0]);
    expect(durations(cache)).toEqual([0.02]);
    expect(sizes(cache)).toEqual([300]);
    cache.clock.moveTo(700_000);
    expect(abandoned(cache)).toBe(0);
  });

  it('that comes back later under the same id is another request', () => {
    const cache = setup();
    sendAll(cache, [0, 1, 2]);
    cache.chunk(0, 25.001, 30, { last: true });
    expect(durations(cache)[1]).toBeCloseTo(0.004999, 12);
  });
});

describe('an aborted request', () => {
  it('is counted once and never recorded, also when chunks of it come late', () => {
    const cache = setup();
    sendAll(cache, [0, 1]);
    cache.aborted(22);
    cache.aborted(23);
    sendAll(cache, [2, 0, 1]);
    expect(durations(cache)).toEqual([]);
    expect(abandoned(cache, 'aborted')).toBe(1);
    cache.clock.moveTo(700_000);
    expect(abandoned(cache)).toBe(1);
  });

  it('may be tried again from the abort on', () => {
    const cache = setup();
    sendAll(cache, [0, 1]);
    cache.aborted(22);
    cache.chunk(0, 30, 40, { last: true });
    expect(durations(cache)).toEqual([0.01]);
  });

  it('is aborted in one session, or in all when none is named', () => {
    const cache = setup();
    for (const sessionId of ['a', 'b', 'c']) sendAll(cache, [0, 1], { sessionId });
    cache.aborted(22, 'r', 'a');
    expect(abandoned(cache, 'aborted')).toBe(1);
    cache.aborted(22, 'r');
    expect(abandoned(cache, 'aborted')).toBe(3);
    sendAll(cache, [0, 1, 2], { requestId: 'q' });
    expect(durations(cache)).toEqual([0.02]);
  });

  it('is aborted in all sessions also where some of them were refused and others fill what is remembered', () => {
    const cache = setup({ maxRequests: 2 });
    for (const sessionId of ['a', 'b', 'c', 'd']) cache.chunk(0, 0, 1, { sessionId });
    expect(abandoned(cache, 'limit')).toBe(2);
    cache.aborted(5);
    expect(abandoned(cache, 'aborted')).toBe(2);
    for (const sessionId of ['a', 'b', 'c', 'd']) cache.chunk(0, 6, 8, { sessionId, last: true });
    expect(durations(cache)).toEqual([0.002, 0.002, 0.002, 0.002]);
    cache.clock.moveTo(700_000);
    expect(abandoned(cache)).toBe(4);
  });

  it('that was complete or never seen is nothing', () => {
    const cache = setup();
    sendAll(cache, [0, 1, 2]);
    cache.aborted(30);
    cache.aborted(30, 'unknown');
    cache.aborted(30, 'unknown', 's');
    cache.aborted(1);
    sendAll(cache, [0, 1, 2]);
    cache.clock.moveTo(700_000);
    expect(durations(cache)).toHaveLength(1);
    expect(abandoned(cache)).toBe(0);
    expect(cache.bus.failures.size).toBe(0);
  });
});

describe('a chunk that contradicts itself is counted as a failure and nowhere else', () => {
  it.each([
    ['backwards in time', { startTime: 5, time: 4 }],
    ['of no size', { bytes: Number.NaN }],
    ['of a negative index', { index: -1 }],
    ['of half an index', { index: 0.5 }],
    ['of an endless index', { index: Number.POSITIVE_INFINITY }],
  ])('%s', (_, rest) => {
    const cache = setup();
    cache.chunk(0, 0, 1, { last: true, ...rest });
    expect(cache.recorder.measurements).toEqual([]);
    expect(cache.bus.failures.get('transfer')).toBe(1);
  });

  it('likewise an abort at no time', () => {
    const cache = setup();
    cache.chunk(0, 0, 1);
    cache.aborted(Number.NaN);
    expect(cache.bus.failures.get('transfer')).toBe(1);
    expect(abandoned(cache)).toBe(0);
  });
});
