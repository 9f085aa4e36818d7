import { TIERS, type Tier } from '@kvscope/core';
import { formatCount, formatSeconds, formatShare, histogramQuantile } from '@kvscope/report/figures';
import { type Figures, lookups, misses, type TierFigures } from './figures.js';
import type { RunCounts } from './json.js';
import type { HistogramValues } from './metric-reader.js';

import { table } from './table.js';

export interface RunDescription extends RunCounts {
  readonly name: string;
  readonly interrupted: boolean;
  /** Wall time of the run, in seconds. */
  readonly seconds: number;
  /** Time that the trace spans, in seconds. */
  readonly traceSeconds: number;
  readonly sampleRate: number;
  /** The evict-reuse window, in seconds. */
  readonly windowSeconds: number;
}

export const TIER_NAMES: Readonly<Record<Tier, string>> = {
  l0: 'l0 device',
  l1: 'l1 host',
  l2: 'l2 storage',
};
export const QUANTILES = [0.5, 0.9, 0.99];

/** The figures as a person reads them. @param more further parts, after the others */
export function summary(figures: Figures, run: RunDescription, more: readonly string[] = []): string {
  const tiers = presentTiers(figures);
  return [
    heading(figures, run),
    hitRatios(figures),
    lives(figures, tiers, run.sampleRate),
    verdicts(figures, tiers, run.windowSeconds),
    ...more,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function presentTiers(figures: Figures): Tier[] {
  return TIERS.filter((tier) => figures[tier].capacity > 0);
}

function heading(figures: Figures, run: RunDescription): string {
  const references = lookups(figures);
  const blocks = references === null ? '' : `, ${formatCount(references)} block references`;
  const perSecond = formatCount((references ?? run.requests) / Math.max(run.seconds, 1e-9));
  const unit = references === null ? 'requests/s' : 'references/s';
  const malformed = run.malformed > 0 ? `\n${formatCount(run.malformed)} malformed lines were left out.` : '';
  return `${run.interrupted ? 'Interrupted' : 'Replayed'} ${run.name}: ${formatCount(run.requests)} requests${blocks}, ${formatSeconds(run.traceSeconds)} of trace in ${formatSeconds(run.seconds)} (${perSecond} ${unit})${malformed}`;
}

/** What each tier was asked and held; empty when nobody counted. */
export function hitRatios(figures: Figures): string {
  const tiers = presentTiers(figures);
  const all = lookups(figures);
  if (all === null) return '';
  const rows = tiers.map((tier) => {
    const { capacity, hits, misses } = figures[tier];
    const held = hits ?? 0;
    return [
      TIER_NAMES[tier],
      formatCount(capacity),
      formatCount(held + (misses ?? 0)),
      formatCount(held),
      formatShare(held / (held + (misses ?? 0))),
      formatShare(held / all),
    ];
  });
  const missed = misses(figures) ?? 0;
  return table(
    ['HIT RATIO', 'capacity', 'asked', 'hits', 'of asked', 'of all'],
    [...rows, ['none', '', '', formatCount(missed), '', formatShare(missed / all)]],
  );
}

/** How long blocks lived and idled; empty when nobody followed them. */
export function lives(figures: Figures, tiers: readonly Tier[], sampleRate: number): string {
  const kinds: [string, keyof TierFigures][] = [
    ['lifetime', 'lifetime'],
    ['idle before eviction', 'idleTime'],
    ['reuse gap', 'reuseGap'],
    ['evict-reuse gap', 'evictReuseGap'],
  ];
  const rows = tiers.flatMap((tier) =>
    kinds.flatMap(([label, field]) => {
      const histogram = figures[tier][field] as HistogramValues | null;
      return histogram === null ? [] : [[`${tier} ${label}`, ...distribution(histogram)]];
    }),
  );
  if (rows.length === 0) return '';
  const sampled = sampleRate < 1 ? ` (sampled at ${sampleRate})` : '';
  return table([`BLOCKS${sampled}`, 'count', 'mean', ...QUANTILES.map((q) => `p${q * 100}`)], rows);
}

export function distribution(histogram: HistogramValues): string[] {
  const last = histogram.boundaries.at(-1);
  const quantiles = QUANTILES.map((q) => {
    const value = histogramQuantile(q, histogram);
    return `${value === last ? '>= ' : ''}${formatSeconds(value)}`;
  });
  return [formatCount(histogram.count), formatSeconds(histogram.sum / histogram.count), ...quantiles];
}

/** What became of evicted blocks; empty when nobody followed them. */
export function verdicts(figures: Figures, tiers: readonly Tier[], windowSeconds: number): string {
  if (tiers.every((tier) => figures[tier].lifetime === null)) return '';
  const rows = tiers.map((tier) => {
    const { lifetime, neverReused, evictReuseGap, evictReuseMisses } = figures[tier];
    const again = evictReuseGap?.count ?? 0;
    return [
      TIER_NAMES[tier],
      formatShare((neverReused ?? 0) / (lifetime?.count ?? 0)),
      formatShare(again / (again + (evictReuseMisses ?? 0))),
    ];
  });
  return table(
    ['EVICTED BLOCKS', 'never reused', `wanted again within ${formatSeconds(windowSeconds)}`],
    rows,
  );
}
