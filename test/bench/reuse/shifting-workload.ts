import {
  createBus,
  createSampler,
  createSource,
  startSubscriber,
  systemClock,
  type Tier,
} from '@kvscope/core';
import { type ReuseCurve, type ReuseOptions, reuse } from '@kvscope/subscriber-reuse';
import { FastTotals } from '../churn/fast-totals.js';
import { Random } from '../churn/random.js';

const BATCH = 16;
const tier: Tier = 'l1';
/** One block of so many references is new; the others are among so many of the newest. */
const NEW_EVERY = 4;
const POPULAR = 1_000_000;

export interface ShiftingWorkload {
  /** Publishes so many references, a multiple of 16. */
  run(references: number): void;
  /** Collects; the curve as it is now. */
  collect(): ReuseCurve;
  /** Blocks that were dropped from the sample so far. */
  dropped(): number;
}

/** The reuse subscriber under blocks that keep changing: a quarter is new, the rest prefers what is newest. */
export function shiftingWorkload(
  capacity: number,
  rate: number,
  options: ReuseOptions = {},
): ShiftingWorkload {
  const bus = createBus();
  const totals = new FastTotals();
  const held = { tier, capacity, evictable: 0, pinned: 0, unknown: 0 };
  const source = createSource({ occupancy: () => ({ tiers: [held] }) }, bus);
  let last: ReuseCurve | undefined;
  startSubscriber(
    reuse,
    { bus, recorder: totals.recorder, clock: systemClock, sampler: createSampler(rate) },
    {
      ...options,
      onCurve: (curve) => {
        last = curve;
      },
    },
  );
  const random = new Random();
  let newest = POPULAR;
  let time = 0;
  return {
    run(references) {
      for (let done = 0; done < references; done += BATCH) {
        const keys: number[] = [];
        for (let i = 0; i < BATCH; i++) {
          if (i % NEW_EVERY === 0) keys.push(newest++);
          else keys.push(newest - 1 - Math.floor(POPULAR * (random.below(1_000_000) / 1_000_000) ** 3));
        }
        time++;
        bus.publish('block.stored', { time, source, tier, keys, cause: 'computed' });
      }
    },
    collect() {
      totals.observed('kv_cache.reuse.hit_ratio', '1');
      return last as ReuseCurve;
    },
    dropped: () => totals.sum('kv_cache.reuse.untracked'),
  };
}
