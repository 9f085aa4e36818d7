import { TIERS, type Tier } from '@kvscope/core';
import { formatCount, formatShare } from '@kvscope/report/figures';
import {
  type ReuseCurve,
  type ReuseOptions,
  type ReusePoint,
  TRUSTED_ERROR,
} from '@kvscope/subscriber-reuse';
import { TIER_NAMES } from './summary.js';
import { table } from './table.js';

/** The curves of a run, each as it was at the last collection. */
export class RunCurves {
  readonly #byTier = new Map<Tier, ReuseCurve>();

  /** What makes the reuse subscriber tell them: over the whole run, in which no reference counts less than another. */
  options(maxBlocks: number): ReuseOptions {
    return {
      maxBlocks,
      halfLife: Number.POSITIVE_INFINITY,
      onCurve: (curve) => void this.#byTier.set(curve.tier, curve),
    };
  }

  /** Those of some tiers, from the fastest. */
  of(tiers: readonly Tier[] = TIERS): readonly ReuseCurve[] {
    return tiers.flatMap((tier) => this.#byTier.get(tier) ?? []);
  }
}

/** The points by tier, as `--json` prints them. */
export function curvesAsJson(curves: readonly ReuseCurve[]): Partial<Record<Tier, readonly ReusePoint[]>> {
  return Object.fromEntries(curves.map(({ tier, points }) => [tier, points]));
}

/** The curves as a person reads them, with what is to be known before one trusts them; empty when there is none. */
export function curveSummary(curves: readonly ReuseCurve[], sampleRate: number): string {
  const [first] = curves;
  if (first === undefined) return '';
  const head = ['LRU HIT RATIO by capacity', 'at 1 x', ...first.points.map(({ scale }) => `${scale} x`), ''];
  const rows = curves.map(({ tier, capacity, points }) => [
    TIER_NAMES[tier],
    formatCount(capacity),
    ...points.map(({ hitRatio }) => formatShare(hitRatio)),
    drawing(points),
  ]);
  return [table(head, rows), ...curveWarnings(curves, sampleRate)].join('\n');
}

/** A sentence for each curve whose sample was too small to trust, with how wide its error is and what would help. */
function curveWarnings(curves: readonly ReuseCurve[], sampleRate: number): readonly string[] {
  return curves.flatMap(({ tier, points, rate, sampledBlocks }) => {
    const wide = points.filter(({ error }) => error > TRUSTED_ERROR);
    if (wide.length === 0) return [];
    const errors = wide.map(({ scale, error }) => `± ${formatShare(error)} at ${scale} x`).join(', ');
    // The rate that was asked for may stand on the way as well as the number of blocks.
    const help = rate < sampleRate ? 'more --curve-blocks' : 'a higher --sample-rate';
    return [
      `Warning: the sample of ${tier} (${formatCount(sampledBlocks)} blocks, a share of ${formatShare(rate)}) is too small to trust: the error is ${errors}. Give it ${help}.`,
    ];
  });
}

/** Writes the warnings to standard error, for those who read figures from standard output. */
export function tellWarnings(curves: readonly ReuseCurve[], sampleRate: number): void {
  for (const warning of curveWarnings(curves, sampleRate)) process.stderr.write(`kvscope: ${warning}\n`);
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** One character for each point, the highest standing for a hit ratio of 100 %. */
function drawing(points: readonly ReusePoint[]): string {
  const level = (hitRatio: number) => Math.min(LEVELS.length - 1, Math.floor(hitRatio * LEVELS.length));
  return points.map(({ hitRatio }) => LEVELS[level(hitRatio)]).join('');
}
