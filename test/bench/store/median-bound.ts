/** One-sided 95 % quantile of the normal distribution. */
const Z95 = 1.645;

/** Median of some numbers, with the upper end of its one-sided 95 % confidence interval. */
export interface MedianBound {
  readonly median: number;
  readonly upper95: number;
}

/**
 * The bound is an order statistic, as for the sign test (normal approximation of the binomial, fine from about 20
 * numbers up): nothing is assumed about how the numbers are distributed.
 */
export function medianBound(values: readonly number[]): MedianBound {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (rank: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, rank))] as number;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    upper95: at(Math.ceil(sorted.length / 2 + (Z95 * Math.sqrt(sorted.length)) / 2)),
  };
}
