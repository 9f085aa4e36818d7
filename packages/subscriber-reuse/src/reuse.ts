import {
  CAPACITY_SCALES,
  requireAmount,
  reuseMetrics,
  type Subscriber,
  type SubscriberContext,
} from '@kvscope/core';
import { Curves } from './curves.js';
import { type ReuseCurve, type ReuseOptions, type ReusePoint, reuseSettings } from './options.js';
import type { TierCurve } from './tier-curve.js';

type Metrics = typeof reuseMetrics.metrics;

/**
 * The hit ratio that an LRU of other capacities would have had, tier by tier, from a bounded sample of the blocks. A
 * reference is one key of a store, or of an access by a request. Sources that report no accesses or no occupancy have
 * no curve.
 */
export const reuse: Subscriber<Metrics, ReuseOptions> = {
  name: 'reuse',
  family: reuseMetrics,
  validate: (options) => void reuseSettings(options),
  start(context, options) {
    const settings = reuseSettings(options);
    const curves = new Curves(context, settings);
    context.on('block.stored', ({ source, tier, keys, time }) => curves.refer(source, tier, keys, time));
    context.on('block.accessed', ({ source, tier, keys, time, by }) => {
      if (by === 'request') curves.refer(source, tier, keys, time);
    });
    context.on('tier.cleared', ({ source, tier }) => curves.forget(source, tier));
    context.on('source.reset', ({ source, tier }) => curves.forget(source, tier));
    observe(context, curves, settings.onCurve);
  },
};

function observe(
  context: SubscriberContext<Metrics>,
  curves: Curves,
  onCurve: (curve: ReuseCurve) => void,
): void {
  context.observe(['kv_cache.reuse.hit_ratio', 'kv_cache.reuse.error'], (report) => {
    curves.forgetClosed();
    for (const source of context.sources) {
      if (!source.accesses) continue;
      try {
        for (const { tier, capacity = 0 } of source.occupancy?.().tiers ?? []) {
          requireAmount('occupancy: capacity', capacity);
          if (capacity === 0) continue;
          const curve = curves.adapt(source, tier, capacity);
          if (curve === undefined || curve.references === 0) continue;
          const points = CAPACITY_SCALES.map((scale) => {
            const point = pointOf(curve, Number(scale), capacity);
            report('kv_cache.reuse.hit_ratio', point.hitRatio, source, tier, scale);
            report('kv_cache.reuse.error', point.error, source, tier, scale);
            return point;
          });
          const { references, sampledBlocks, rate } = curve;
          onCurve({ source, tier, capacity, points, references, sampledBlocks, rate });
        }
      } catch (error) {
        context.fail(error);
      }
    }
  });
}

function pointOf(curve: TierCurve, scale: number, tierCapacity: number): ReusePoint {
  const capacity = Math.max(1, Math.round(scale * tierCapacity));
  return { scale, capacity, ...curve.estimate(capacity) };
}
