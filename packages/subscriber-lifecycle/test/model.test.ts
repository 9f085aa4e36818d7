import type { BlockKey } from '@kvscope/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LifecycleModel } from './model.ts';
import { setup } from './setup.ts';

/** Few enough that they meet again, and each number as a number, a bigint and a string. */
const key = fc
  .tuple(fc.nat({ max: 12 }), fc.constantFrom<(n: number) => BlockKey>(Number, BigInt, String))
  .map(([n, as]) => as(n));
const event = fc.record({
  type: fc.constantFrom('store', 'access', 'evict', 'delete'),
  keys: fc.array(key, { maxLength: 8 }),
  /** Whole seconds, so that intervals are exact. */
  after: fc.constantFrom(0, 0, 1, 7, 120),
});

it('any run of events comes to what the plain model says', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const cache = setup({ evictReuseWindow: 300, maxResidents: 12, maxGhosts: 6 });
      const model = new LifecycleModel(300, 12, 6);
      let time = 0;
      for (const { type, keys, after } of events) {
        time += after;
        if (type === 'store') cache.stored(keys, time);
        else if (type === 'access') cache.accessed(keys, time);
        else cache.evicted(keys, time, type === 'delete' ? 'deleted' : 'capacity');
        if (type === 'store') model.store(keys, time);
        else if (type === 'access') model.access(keys, time);
        else model.evict(keys, time, type === 'delete' ? 'deleted' : 'capacity');
      }
      const { recorder } = cache;
      const inState = (state: string) =>
        recorder
          .observed('kv_cache.block.tracked', { 'kv_cache.tracking.state': state })
          .reduce((sum, n) => sum + n, 0);
      expect({
        lifetimes: recorder.values('kv_cache.block.lifetime'),
        idleTimes: recorder.values('kv_cache.block.idle_time'),
        reuses: recorder.values('kv_cache.block.reuses'),
        gaps: recorder.values('kv_cache.block.reuse_gap'),
        returns: recorder.values('kv_cache.block.evict_reuse_gap'),
        misses: recorder.sum('kv_cache.block.evict_reuse_misses'),
        refused: recorder.sum('kv_cache.block.untracked'),
        residents: inState('resident'),
        ghosts: inState('ghost'),
      }).toEqual({
        lifetimes: model.lifetimes,
        idleTimes: model.idleTimes,
        reuses: model.reuses,
        gaps: model.gaps,
        returns: model.returns,
        misses: model.misses,
        refused: model.refused,
        residents: model.residents,
        ghosts: model.ghosts,
      });
    }),
    { numRuns: 150 },
  );
});
