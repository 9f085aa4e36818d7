/** Buckets of an explicit-boundary histogram: `counts` has one more entry than `boundaries`, for what lies above. */
export interface Buckets {
  readonly boundaries: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The quantile that PromQL's `histogram_quantile` computes from classic buckets: linear within the bucket that
 * the rank falls in; from 0 in the first bucket when its bound is positive, the bound itself when it is not; the
 * highest finite bound when the rank lies above it.
 * @param quantile 0 to 1
 * @returns not a number for an empty histogram
 */
export function histogramQuantile(quantile: number, { boundaries, counts }: Buckets): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || boundaries.length === 0) return Number.NaN;
  const rank = quantile * total;
  let below = 0;
  for (let i = 0; i < boundaries.length; i++) {
    const upper = boundaries[i] as number;
    const count = counts[i] as number;
    if (below + count >= rank) {
      if (i === 0 && upper <= 0) return upper;
      const lower = i === 0 ? 0 : (boundaries[i - 1] as number);
      return count === 0 ? lower : lower + ((upper - lower) * (rank - below)) / count;
    }
    below += count;
  }
  return boundaries.at(-1) as number;
}
