import type { Tier } from '@kvscope/core';
import { formatCount, formatShare } from '@kvscope/report/figures';
import type { Figures } from '../figures.js';
import { lives, TIER_NAMES, verdicts } from '../summary.js';
import { table } from '../table.js';
import { activeTiers } from './event-figures.js';

export interface EventSummaryOptions {
  readonly heading: string;
  readonly sampleRate: number;
  /** The evict-reuse window, in seconds. */
  readonly windowSeconds: number;
}

/** What published events amount to, as a person reads it: only what they can tell. */
export function eventSummary(figures: Figures, options: EventSummaryOptions): string {
  const tiers = activeTiers(figures);
  const read = tiers.some((tier) => (figures[tier].reuseGap?.count ?? 0) > 0);
  return [
    options.heading,
    counts(figures, tiers),
    withoutEmpty(lives(figures, tiers, options.sampleRate)),
    // Without reads every block looks as if it was never reused.
    read ? verdicts(figures, tiers, options.windowSeconds) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function counts(figures: Figures, tiers: readonly Tier[]): string {
  if (tiers.every((tier) => figures[tier].stored === null)) return '';
  const rows = tiers.map((tier) => {
    const { stored, accessed, evicted, hits, misses } = figures[tier];
    const asked = (hits ?? 0) + (misses ?? 0);
    return [
      TIER_NAMES[tier],
      ...[stored, evicted, accessed, asked].map((count) => formatCount(count ?? 0)),
      formatShare((hits ?? 0) / asked),
    ];
  });
  return rows.length === 0
    ? ''
    : table(['BLOCKS MOVED', 'stored', 'evicted', 'read', 'asked', 'hits of asked'], rows);
}

/** Leaves out rows without a value; nothing when no row is left but the head. */
function withoutEmpty(text: string): string {
  const lines = text.split('\n').filter((line) => !/ 0( +-)+$/.test(line));
  return lines.length > 1 ? lines.join('\n') : '';
}
