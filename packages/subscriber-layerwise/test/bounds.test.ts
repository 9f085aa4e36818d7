import { describe, expect, it } from 'vitest';
import { type Setup, setup, where } from './setup.ts';

const abandoned = ({ recorder }: Setup, reason: string) =>
  recorder.sum('kv_cache.layer.batches_abandoned', where({ 'abandon.reason': reason }));

describe('the state is bounded', () => {
  it('by count: a further batch is refused and counted once, its layers recorded all the same', () => {
    const cache = setup({ maxBatches: 2 });
    const [a, b, c] = [cache.batchOf('a'), cache.batchOf('b'), cache.batchOf('c')];
    for (const one of [a, b, c]) one.submitted(0, 0, 0);
    for (const one of [a, b, c]) one.loaded(0, 0, 10);
    for (const one of [a, b, c]) one.finished(20);
    expect(abandoned(cache, 'limit')).toBe(1);
    expect(cache.recorder.values('kv_cache.layer.load.duration')).toHaveLength(3);
    expect(cache.recorder.values('kv_cache.layer.overlap')).toHaveLength(2);
    c.loaded(0, 20, 30);
    c.finished(40);
    expect(cache.recorder.values('kv_cache.layer.overlap')).toHaveLength(3);
  });

  it('by age: from its first event on, in local time', () => {
    const cache = setup({ maxAge: 10 });
    cache.submitted(0, 5_000_000, 5_000_001);
    cache.clock.moveTo(10_000);
    expect(abandoned(cache, 'age')).toBe(0);
    cache.clock.moveTo(11_000);
    expect(abandoned(cache, 'age')).toBe(1);
    cache.loaded(0, 5_000_000, 5_000_009);
    cache.finished(5_000_010);
    cache.clock.moveTo(90_000);
    expect(abandoned(cache, 'age')).toBe(1);
    expect(cache.recorder.values('kv_cache.layer.overlap')).toEqual([]);
  });
});

describe('an event that contradicts itself is counted as a failure and nowhere else', () => {
  it.each<[string, (cache: Setup) => void]>([
    ['a wait that ends before it begins', ({ waited }) => waited(0, 5, 4)],
    ['a wait for less than no task', ({ waited }) => waited(0, 0, 4, 'load', -1)],
    ['a load that never ends', ({ loaded }) => loaded(0, 0, Number.POSITIVE_INFINITY)],
    ['a submit at no time', ({ submitted }) => submitted(0, Number.NaN, 4)],
    ['a submit for NaN requests', ({ submitted }) => submitted(0, 0, 4, 'load', Number.NaN)],
    ['a batch that ends at no time', ({ finished }) => finished(Number.NaN)],
    ['a tail from no time', ({ finished }) => finished(4, Number.NEGATIVE_INFINITY)],
  ])('%s', (_, publish) => {
    const cache = setup();
    publish(cache);
    expect(cache.recorder.measurements).toEqual([]);
    expect(cache.bus.failures.get('layerwise')).toBe(1);
  });
});

describe('options', () => {
  it.each([
    [
      { stallThreshold: -1 },
      'layerwise.stallThreshold is -1; allowed: a number from 0 to 60 (default 0.001)',
    ],
    [
      { maxBatches: 0 },
      'layerwise.maxBatches is 0; allowed: a whole number from 1 to 1000000 (default 1000)',
    ],
    [{ maxAge: 0 }, 'layerwise.maxAge is 0; allowed: a number from 1 to 86400 (default 60)'],
    [{ stall: 1 } as never, "field of layerwise is 'stall'; allowed: stallThreshold, maxBatches, maxAge"],
  ])('%o is refused by name, value and range', (options, message) => {
    expect(() => setup(options)).toThrow(new RangeError(message));
  });

  it('a wait of exactly the threshold is no stall', () => {
    const cache = setup({ stallThreshold: 0.005 });
    cache.waited(0, 0, 5);
    cache.waited(1, 10, 15.5);
    expect(cache.recorder.values('kv_cache.layer.stalls')).toEqual([1]);
  });
});

it('stops without a handler, timer or measurement left', () => {
  const cache = setup();
  expect(cache.clock.timers).toBe(1);
  cache.running.stop();
  cache.running.stop();
  expect(cache.clock.timers).toBe(0);
  expect(cache.bus.wants('layer.waited')).toBe(false);
  cache.waited(0, 0, 1);
  expect(cache.recorder.measurements).toEqual([]);
});
