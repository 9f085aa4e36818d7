import { describe, expect, it } from 'vitest';
import { setup } from './setup.ts';

const untracked = (cache: ReturnType<typeof setup>, reason: string) =>
  cache.recorder.sum('kv_cache.block.untracked', { 'kv_cache.untracked.reason': reason });
const tracked = (cache: ReturnType<typeof setup>, state: string) =>
  cache.recorder
    .observed('kv_cache.block.tracked', { 'kv_cache.tracking.state': state })
    .reduce((sum, n) => sum + n, 0);

describe('limits', () => {
  it('refuses and counts residents over the limit, over all sources together', () => {
    const cache = setup({ maxResidents: 3 });
    cache.stored([1, 2], 10);
    cache.stored([1, 2], 11, cache.newSource());
    expect(tracked(cache, 'resident')).toBe(3);
    expect(untracked(cache, 'limit')).toBe(1);
  });

  it('refuses and counts ghosts over the limit', () => {
    const cache = setup({ maxGhosts: 1 });
    cache.stored([1, 2], 10);
    cache.evicted([1, 2], 20);
    expect(tracked(cache, 'ghost')).toBe(1);
    expect(untracked(cache, 'limit')).toBe(1);
    cache.stored([1, 2], 30);
    expect(cache.recorder.values('kv_cache.block.evict_reuse_gap')).toEqual([10]);
  });

  it('records the gap of a ghost that returns to a full state, and counts it', () => {
    const cache = setup({ maxResidents: 1 });
    cache.stored([1], 10);
    cache.evicted([1], 20);
    cache.stored([2], 25);
    cache.stored([1], 30);
    expect(cache.recorder.values('kv_cache.block.evict_reuse_gap')).toEqual([10]);
    expect(untracked(cache, 'limit')).toBe(1);
    expect(tracked(cache, 'ghost')).toBe(0);
  });

  it('refuses blocks of more than 1,024 sources', () => {
    const cache = setup();
    for (let i = 0; i < 1030; i++) cache.stored([1], 10, cache.newSource());
    expect(tracked(cache, 'resident')).toBe(1024);
    expect(untracked(cache, 'limit')).toBe(6);
  });

  it('holds no more than the live blocks and the ghosts of one window under churn', () => {
    const cache = setup({ evictReuseWindow: 1 });
    // One block a millisecond, each resident for 100 ms: 100 residents, and 1,000 ghosts in a window of 1 s.
    for (let i = 0; i < 20_000; i++) {
      cache.stored([i], i / 1000);
      if (i >= 100) cache.evicted([i - 100], i / 1000);
    }
    expect(tracked(cache, 'resident')).toBe(100);
    expect(tracked(cache, 'ghost')).toBe(1000);
    // Stored 20,000, evicted 19,900, of which 1,000 still wait.
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(18_900);
  });
});

describe('age', () => {
  it('drops and counts a block that nothing touched for longer than the bound', () => {
    const cache = setup({ maxAge: 100 });
    cache.stored([1, 2], 10);
    cache.accessed([2], 60);
    cache.clock.moveTo(110_000);
    expect(tracked(cache, 'resident')).toBe(2);
    cache.clock.moveTo(111_000);
    expect(tracked(cache, 'resident')).toBe(1);
    expect(untracked(cache, 'age')).toBe(1);
    cache.clock.moveTo(162_000);
    expect(untracked(cache, 'age')).toBe(2);
  });

  it('finds all that are too old within a sixteenth of the bound, however many they are', () => {
    const cache = setup({ maxAge: 100 });
    const keys = Array.from({ length: 200_000 }, (_, i) => i);
    cache.stored(keys, 10);
    cache.clock.moveTo(110_000);
    expect(untracked(cache, 'age')).toBe(0);
    cache.clock.moveTo(110_000 + 100_000 / 16 + 1000);
    expect(untracked(cache, 'age')).toBe(200_000);
    expect(tracked(cache, 'resident')).toBe(0);
  });

  it('lets go of a replay that ended, by local time alone', () => {
    const cache = setup({ maxAge: 400 });
    const replay = cache.newSource({ live: false });
    cache.stored([1, 2], 10, replay);
    cache.evicted([2], 20, 'capacity', replay);
    cache.clock.moveTo(419_000);
    expect([tracked(cache, 'resident'), tracked(cache, 'ghost')]).toEqual([1, 1]);
    cache.clock.moveTo(421_000);
    expect([tracked(cache, 'resident'), tracked(cache, 'ghost')]).toEqual([0, 0]);
    expect(untracked(cache, 'age')).toBe(2);
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(0);
  });
});

describe('time for sweeps', () => {
  it('does not expire the ghosts of a replay by the local clock', () => {
    const cache = setup();
    const replay = cache.newSource({ live: false });
    cache.stored([1], 10, replay);
    cache.evicted([1], 20, 'capacity', replay);
    cache.clock.moveTo(10_000_000);
    cache.stored([2], 319, replay);
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(0);
    cache.stored([2], 320, replay);
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(1);
  });

  it('runs on from the newest event of an engine whose clock is off', () => {
    const cache = setup();
    // The engine is 1,000 s behind: its eviction at 20 s arrives at 1,020 s local time.
    cache.clock.moveTo(1_020_000);
    cache.stored([1], 10);
    cache.evicted([1], 20);
    cache.clock.advance(299_000);
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(0);
    cache.clock.advance(1000);
    expect(cache.recorder.sum('kv_cache.block.evict_reuse_misses')).toBe(1);
  });

  it('recovers from a time that is wrong, and counts what had it', () => {
    const cache = setup({ maxAge: 3600 });
    const WRONG = 1e12;
    cache.bus.publish('block.stored', {
      time: WRONG,
      source: cache.source,
      tier: 'l1',
      keys: [1, 2],
      cause: 'unknown',
    });
    cache.bus.publish('block.evicted', {
      time: WRONG,
      source: cache.source,
      tier: 'l1',
      keys: [2],
      reason: 'capacity',
    });
    cache.stored([3], 10);
    cache.evicted([3], 20);
    cache.clock.advance(1000);
    expect([untracked(cache, 'age'), tracked(cache, 'ghost'), tracked(cache, 'resident')]).toEqual([2, 1, 0]);
    cache.stored([3], 40);
    expect(cache.recorder.values('kv_cache.block.evict_reuse_gap')).toEqual([20]);
    cache.clock.advance(60_000);
    expect([untracked(cache, 'age'), tracked(cache, 'resident')]).toEqual([2, 1]);
  });

  it('does not let a block that was stored at no finite time hold up the others', () => {
    const cache = setup({ maxAge: 60 });
    cache.stored([1], Number.POSITIVE_INFINITY);
    cache.stored([2], 10);
    cache.stored([3], 65);
    cache.clock.moveTo(71_000);
    expect([untracked(cache, 'age'), tracked(cache, 'resident')]).toEqual([2, 1]);
  });

  it('reads the local clock once in sixteen events of a burst, and for each event that is not part of one', () => {
    const cache = setup();
    let readings = 0;
    const { now } = cache.clock;
    cache.clock.now = () => {
      readings++;
      return now.call(cache.clock);
    };
    for (let i = 0; i < 160; i++) {
      cache.bus.publish('block.released', { time: 1 + i / 1000, source: cache.source, tier: 'l1', keys: [] });
    }
    expect(readings).toBe(10);
    for (let i = 0; i < 10; i++) {
      cache.bus.publish('block.released', { time: 10 + i, source: cache.source, tier: 'l1', keys: [] });
    }
    expect(readings).toBe(20);
  });

  it('keeps each source to its own time', () => {
    const cache = setup();
    const [slow, fast] = [cache.newSource({ live: false }), cache.newSource({ live: false })];
    cache.stored([1], 10, slow);
    cache.evicted([1], 20, 'capacity', slow);
    cache.stored([1], 1000, fast);
    cache.stored([1], 30, slow);
    expect(cache.recorder.values('kv_cache.block.evict_reuse_gap')).toEqual([10]);
  });
});

describe('identity', () => {
  it('keeps 7, 7n and "7" apart, and the tiers', () => {
    const cache = setup();
    cache.stored([7, 7n, '7'], 10);
    cache.stored([7], 10, undefined, 'l0');
    expect(tracked(cache, 'resident')).toBe(4);
    cache.evicted([7n], 20);
    cache.evicted([7], 30, 'capacity', undefined, 'l0');
    expect(cache.recorder.values('kv_cache.block.lifetime')).toEqual([10, 20]);
  });

  it('counts a reset block by block, ghosts included', () => {
    const cache = setup();
    cache.stored([1, 2, 3], 10);
    cache.evicted([3], 20);
    cache.reset(30, 'l0');
    expect(untracked(cache, 'reset')).toBe(0);
    cache.reset(30, 'l1');
    expect(untracked(cache, 'reset')).toBe(3);
  });

  it('clears one tier alone, and leaves the ghosts of earlier evictions', () => {
    const cache = setup();
    cache.stored([1, 2], 10);
    cache.stored([1], 10, undefined, 'l2');
    cache.evicted([2], 20);
    cache.cleared(30, 'l1');
    cache.stored([1, 2], 40);
    expect(cache.recorder.values('kv_cache.block.lifetime')).toEqual([10, 20]);
    expect(cache.recorder.values('kv_cache.block.evict_reuse_gap')).toEqual([20]);
    expect(tracked(cache, 'resident')).toBe(3);
  });

  it('survives times that are not finite', () => {
    const cache = setup();
    cache.stored([1], Number.NaN);
    cache.accessed([1], 0.5);
    cache.evicted([1], Number.POSITIVE_INFINITY);
    expect(cache.recorder.sum('kv_cache.block.discarded_intervals')).toBe(3);
    expect(tracked(cache, 'ghost')).toBe(0);
    expect(cache.bus.failures.size).toBe(0);
  });
});

describe('options', () => {
  it.each([
    [{ evictReuseWindow: 301 }, /lifecycle\.evictReuseWindow is 301; allowed: one of .*300.*/],
    [{ maxResidents: 0 }, /lifecycle\.maxResidents is 0; allowed: a whole number from 1/],
    [{ maxGhosts: -1 }, /lifecycle\.maxGhosts is -1/],
    [{ maxAge: Number.NaN }, /lifecycle\.maxAge is NaN/],
  ])('%o is refused by name, value and range', (options, message) => {
    expect(() => setup(options)).toThrow(message);
  });

  it('stops without a handler, timer, callback or measurement left', () => {
    const cache = setup();
    expect([cache.clock.timers, cache.recorder.callbacks]).toEqual([1, 1]);
    cache.running.stop();
    cache.running.stop();
    expect([cache.clock.timers, cache.recorder.callbacks]).toEqual([0, 0]);
    expect(cache.bus.wants('block.stored')).toBe(false);
    cache.stored([1], 10);
    cache.evicted([1], 20);
    expect(cache.recorder.measurements).toEqual([]);
  });
});
