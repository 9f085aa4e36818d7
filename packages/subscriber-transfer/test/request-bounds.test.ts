import { createSource } from '@kvscope/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abandoned, durations, setup, sizes } from './setup.ts';

describe('the state is bounded', () => {
  it('by count: further requests are refused and counted once, over all sources together', () => {
    const cache = setup({ maxRequests: 2 });
    const other = createSource({}, cache.bus);
    cache.chunk(0, 0, 1, { requestId: 'a' });
    cache.chunk(0, 0, 1, { requestId: 'b', source: other });
    cache.chunk(0, 0, 1, { requestId: 'c' });
    cache.chunk(1, 1, 2, { requestId: 'c', last: true });
    expect(abandoned(cache, 'limit')).toBe(1);
    cache.chunk(1, 1, 2, { requestId: 'a', last: true });
    cache.chunk(0, 9, 10, { requestId: 'd', last: true });
    expect(durations(cache)).toEqual([0.002, 0.001]);
    cache.aborted(20, 'c');
    cache.chunk(0, 21, 22, { requestId: 'c', last: true });
    expect(durations(cache)).toHaveLength(3);
    expect(abandoned(cache)).toBe(1);
  });

  it('by chunks: a request with more is given up', () => {
    const cache = setup({ maxChunks: 2 });
    for (let index = 0; index < 5; index++) cache.chunk(index, index, index + 1, { last: index === 4 });
    expect(durations(cache)).toEqual([]);
    expect(abandoned(cache, 'limit')).toBe(1);
    cache.chunk(1, 100, 101, { requestId: 'q', last: true });
    cache.chunk(0, 100, 101, { requestId: 'q' });
    expect(durations(cache)).toEqual([0.001]);
  });

  it('by age: from its first chunk on, in local time', () => {
    const cache = setup({ maxAge: 10 });
    cache.chunk(0, 5_000_000, 5_000_001);
    cache.clock.moveTo(8000);
    cache.chunk(1, 5_000_001, 5_000_002);
    cache.clock.moveTo(10_000);
    expect(abandoned(cache)).toBe(0);
    cache.clock.moveTo(11_000);
    expect(abandoned(cache, 'age')).toBe(1);
    cache.chunk(2, 5_000_002, 5_000_003, { last: true });
    cache.clock.moveTo(60_000);
    expect(abandoned(cache)).toBe(1);
    expect(durations(cache)).toEqual([]);
  });

  it('so that each request is recorded or abandoned exactly once, or still open', () => {
    const chunk = fc.record({ request: fc.nat(6), index: fc.nat(3), start: fc.nat(50), ms: fc.nat(20) });
    const step = fc.oneof(
      { weight: 10, arbitrary: chunk.map((it) => ({ ...it, act: 'chunk' as const })) },
      { weight: 1, arbitrary: fc.nat(6).map((request) => ({ request, act: 'abort' as const })) },
      { weight: 1, arbitrary: fc.constant({ request: 0, act: 'wait' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const cache = setup({ maxRequests: 3, maxAge: 1 });
        const begun = new Set<number>();
        for (const it of steps) {
          if (it.act === 'wait') cache.clock.advance(300);
          else if (it.act === 'abort') cache.aborted(1000, String(it.request));
          else {
            begun.add(it.request);
            const { index, start, ms } = it;
            // None begins after another one ended: that would be a new request under the same id.
            cache.chunk(index, start, 100 + ms, { requestId: String(it.request), last: index === 3 });
          }
        }
        // Within one age, nothing is forgotten: no request can be counted twice, and none is lost.
        const quick = steps.filter(({ act }) => act === 'wait').length * 300 < 1000;
        cache.clock.advance(5000);
        const outcomes = durations(cache).length + abandoned(cache);
        // At most 3 that ended are remembered: a fourth may come back as new.
        if (quick && begun.size <= 3) expect(outcomes).toBe(begun.size);
        else expect(outcomes).toBeGreaterThanOrEqual(begun.size);
        expect(sizes(cache)).toHaveLength(durations(cache).length);
        expect(cache.bus.failures.size).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('options', () => {
  it.each([
    [
      { maxRequests: 0 },
      'transfer.maxRequests is 0; allowed: a whole number from 1 to 1000000 (default 10000)',
    ],
    [{ maxChunks: 1.5 }, 'transfer.maxChunks is 1.5; allowed: a whole number from 1 to 65536 (default 1024)'],
    [{ maxAge: Number.NaN }, 'transfer.maxAge is NaN; allowed: a number from 1 to 86400 (default 300)'],
    [
      { maxRequest: 1 } as never,
      "field of transfer is 'maxRequest'; allowed: maxRequests, maxChunks, maxAge",
    ],
  ])('%o is refused by name, value and range', (options, message) => {
    expect(() => setup(options)).toThrow(new RangeError(message));
  });
});

it('stops without a handler, timer, callback or measurement left', () => {
  const cache = setup();
  expect([cache.clock.timers, cache.recorder.callbacks]).toEqual([1, 1]);
  cache.running.stop();
  cache.running.stop();
  expect([cache.clock.timers, cache.recorder.callbacks]).toEqual([0, 0]);
  expect(cache.bus.wants('request.chunk')).toBe(false);
});
