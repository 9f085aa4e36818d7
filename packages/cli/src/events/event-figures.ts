import { TIERS, type Tier } from '@kvscope/core';
import { type Figures, readFigures, type TierFigures } from '../figures.js';
import { tierAsJson } from '../json.js';
import type { MetricValues } from '../metric-reader.js';

/** An engine's events tell no capacities. */
const UNKNOWN: Readonly<Record<Tier, number>> = { l0: 0, l1: 0, l2: 0 };

/** The figures of whatever published on the bus. */
export function readEventFigures(values: MetricValues, subscribers: readonly string[]): Figures {
  return readFigures(values, UNKNOWN, subscribers);
}

/** Tiers that anything happened in. */
export function activeTiers(figures: Figures): Tier[] {
  return TIERS.filter((tier) => {
    const { stored, accessed, evicted, hits, misses, lifetime } = figures[tier];
    return [stored, accessed, evicted, hits, misses, lifetime?.count].some((count) => (count ?? 0) > 0);
  });
}

/** The figures by tier, as `--json` prints them. Lifecycle figures of a sampled run are left unscaled. */
export function eventFiguresAsJson(figures: Figures) {
  const tier = ({ capacity: _, ...known }: TierFigures) => tierAsJson(known);
  return { l0: tier(figures.l0), l1: tier(figures.l1), l2: tier(figures.l2) };
}
