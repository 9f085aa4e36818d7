import { TIERS, type Tier } from '@kvscope/core';
import type { HistogramValues, MetricValues } from './metric-reader.js';

/** What a tier did, read from the metrics; null where the subscriber that measures it was off. */
export interface TierFigures {
  readonly capacity: number;
  readonly hits: number | null;
  readonly misses: number | null;
  readonly stored: number | null;
  readonly accessed: number | null;
  readonly evicted: number | null;
  readonly neverReused: number | null;
  readonly evictReuseMisses: number | null;
  readonly lifetime: HistogramValues | null;
  readonly idleTime: HistogramValues | null;
  readonly reuseGap: HistogramValues | null;
  readonly evictReuseGap: HistogramValues | null;
}

export type Figures = Readonly<Record<Tier, TierFigures>>;

/** Reads every figure of a run from its metrics; nothing is counted a second time. */
export function readFigures(
  values: MetricValues,
  capacities: Readonly<Record<Tier, number>>,
  subscribers: readonly string[],
): Figures {
  const shards = subscribers.includes('shards');
  const lifecycle = subscribers.includes('lifecycle');
  const tier = (name: Tier): TierFigures => {
    const where = { 'kv_cache.tier': name };
    const count = (metric: string, more = {}) => (shards ? values.sum(metric, { ...where, ...more }) : null);
    const histogram = (metric: string) => (lifecycle ? values.histogram(metric, where) : null);
    return {
      capacity: capacities[name],
      hits: count('kv_cache.lookup.blocks', { 'kv_cache.lookup.result': 'hit' }),
      misses: count('kv_cache.lookup.blocks', { 'kv_cache.lookup.result': 'miss' }),
      stored: count('kv_cache.stores'),
      accessed: count('kv_cache.accesses'),
      evicted: count('kv_cache.evictions'),
      // The first bucket of the reuses histogram ends at 0.
      neverReused: lifecycle ? (histogram('kv_cache.block.reuses')?.counts[0] ?? 0) : null,
      evictReuseMisses: lifecycle ? values.sum('kv_cache.block.evict_reuse_misses', where) : null,
      lifetime: histogram('kv_cache.block.lifetime'),
      idleTime: histogram('kv_cache.block.idle_time'),
      reuseGap: histogram('kv_cache.block.reuse_gap'),
      evictReuseGap: histogram('kv_cache.block.evict_reuse_gap'),
    };
  };
  return { l0: tier('l0'), l1: tier('l1'), l2: tier('l2') };
}

/** Blocks asked of the cache as a whole: those asked of its first tier. */
export function lookups(figures: Figures): number | null {
  const first = TIERS.map((tier) => figures[tier]).find(({ capacity }) => capacity > 0);
  return add(first?.hits ?? null, first?.misses ?? null);
}

/** Blocks that no tier held: what the last tier missed. */
export function misses(figures: Figures): number | null {
  return TIERS.map((tier) => figures[tier]).findLast(({ capacity }) => capacity > 0)?.misses ?? null;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
