import type { Tier } from '@kvscope/core';
import { type Figures, lookups, misses, type TierFigures } from './figures.js';
import type { HistogramValues } from './metric-reader.js';

export interface RunCounts {
  readonly requests: number;
  readonly malformed: number;
}

/** The object that `--json` prints. Lifecycle figures of a sampled run are left unscaled. */
export function figuresAsJson(figures: Figures, { requests, malformed }: RunCounts) {
  const perTier = <T>(of: (tier: TierFigures) => T): Record<Tier, T> => ({
    l0: of(figures.l0),
    l1: of(figures.l1),
    l2: of(figures.l2),
  });
  return {
    requests,
    lookups: lookups(figures),
    hits: perTier(({ hits }) => hits),
    misses: misses(figures),
    malformed,
    tiers: perTier(({ hits: _, misses: __, ...tier }) => tierAsJson(tier)),
  };
}

/** A tier's figures with each distribution as its count and sum. */
export function tierAsJson<T extends Pick<TierFigures, Distribution>>(tier: T) {
  const { lifetime, idleTime, reuseGap, evictReuseGap, ...counts } = tier;
  return {
    ...counts,
    lifetime: countAndSum(lifetime),
    idleTime: countAndSum(idleTime),
    reuseGap: countAndSum(reuseGap),
    evictReuseGap: countAndSum(evictReuseGap),
  };
}

type Distribution = 'lifetime' | 'idleTime' | 'reuseGap' | 'evictReuseGap';

export function countAndSum(histogram: HistogramValues | null) {
  return histogram && { count: histogram.count, sum: histogram.sum };
}
