import type { EvictionReason, lifecycleMetrics, Source, SubscriberContext } from '@kvscope/core';
import type { BlockRecord, TrackedTier } from './population.js';

type Context = SubscriberContext<typeof lifecycleMetrics.metrics>;
export type LifecycleInstruments = ReturnType<typeof createInstruments>;

/** Turns what happened to a block into measurements; event times are ms, recorded intervals s. */
export function createInstruments(context: Context) {
  const lifetime = context.histogram('kv_cache.block.lifetime');
  const idleTime = context.histogram('kv_cache.block.idle_time');
  const reuseGap = context.histogram('kv_cache.block.reuse_gap');
  const evictReuseGap = context.histogram('kv_cache.block.evict_reuse_gap');
  const reuses = context.histogram('kv_cache.block.reuses');
  const misses = context.counter('kv_cache.block.evict_reuse_misses');
  const untracked = context.counter('kv_cache.block.untracked');
  const discarded = context.counter('kv_cache.block.discarded_intervals');

  /** Whether the interval can be recorded; one that cannot is counted. */
  function valid({ owner, tier }: TrackedTier, intervalMs: number): boolean {
    if (intervalMs >= 0 && intervalMs < Number.POSITIVE_INFINITY) return true;
    discarded.at(owner.source, tier).add(1);
    return false;
  }

  return {
    left(record: BlockRecord, time: number, reason: EvictionReason): void {
      const { home } = record;
      const { source } = home.owner;
      const lived = time - record.storedTime;
      if (valid(home, lived)) lifetime.at(source, home.tier, reason).record(lived / 1000);
      if (!source.accesses) return;
      const idle = time - record.activeTime;
      if (valid(home, idle)) idleTime.at(source, home.tier, reason).record(idle / 1000);
      reuses.at(source, home.tier, reason).record(record.accesses);
    },
    touched(record: BlockRecord, time: number): void {
      const { home } = record;
      if (!home.owner.source.accesses) return;
      const gap = time - record.touchedTime;
      if (valid(home, gap)) reuseGap.at(home.owner.source, home.tier).record(gap / 1000);
    },
    returned(record: BlockRecord, time: number): void {
      const { home } = record;
      const gap = time - record.leftTime;
      if (valid(home, gap)) evictReuseGap.at(home.owner.source, home.tier).record(gap / 1000);
    },
    missed(record: BlockRecord): void {
      misses.at(record.home.owner.source, record.home.tier).add(1);
    },
    untracked(source: Source, tier: TrackedTier['tier'], reason: 'limit' | 'age' | 'reset'): void {
      untracked.at(source, tier, reason).add(1);
    },
  };
}
