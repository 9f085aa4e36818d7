/*
 * A histogram whose buckets are the exponent and the five highest mantissa bits of a float64: each is 1/32 of a power of
 * two wide, so that a percentile is off by at most 1.6 %. Two of them add up exactly, also from two processes, which a
 * `perf_hooks` histogram cannot: nothing but a thread of its own process can take it over.
 */

const MANTISSA_BITS = 5;
/** 2^-20 ms is a nanosecond; 2^22 ms are 70 minutes. What lies outside is in the first or the last bucket. */
const LEAST_EXPONENT = -20;
const MOST_EXPONENT = 22;
const PER_OCTAVE = 2 ** MANTISSA_BITS;
const BUCKETS = (MOST_EXPONENT - LEAST_EXPONENT) * PER_OCTAVE;
const BASE = (LEAST_EXPONENT + 1023) * PER_OCTAVE;

/** Half a bucket, relative to its middle: how far a percentile may be off. */
export const PRECISION = 1 / (2 * PER_OCTAVE);

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** What a distribution knows, as it is sent: plain data. Values in ms. */
export interface DistributionState {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Bucket and count of each bucket that is not empty, in turns. */
  readonly buckets: readonly number[];
}

export const EMPTY: DistributionState = Object.freeze({
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  buckets: Object.freeze([]),
});

export class Distribution {
  count = 0;
  sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  readonly #counts = new Float64Array(BUCKETS);

  /** @param value 0 or more; @param weight how many values it stands for */
  add(value: number, weight = 1): void {
    this.count += weight;
    this.sum += value * weight;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] as number) + weight;
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#counts.fill(0);
  }

  state(): DistributionState {
    if (this.count === 0) return EMPTY;
    const buckets: number[] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push(bucket, count);
    });
    return { count: this.count, sum: this.sum, min: this.#min, max: this.#max, buckets };
  }
}

function bucketOf(value: number): number {
  float[0] = value;
  const bucket = ((words[1] as number) >>> (20 - MANTISSA_BITS)) - BASE;
  return bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/** The value in the middle of a bucket. */
function middleOf(bucket: number): number {
  const exponent = LEAST_EXPONENT + Math.floor(bucket / PER_OCTAVE);
  return 2 ** exponent * (1 + ((bucket % PER_OCTAVE) + 0.5) / PER_OCTAVE);
}

/**
 * The value that the share `quantile` of all does not exceed, within {@link PRECISION}, never outside of min and max.
 * @param quantile above 0, at most 1
 * @returns not a number when there is no value
 */
export function quantileOf({ count, min, max, buckets }: DistributionState, quantile: number): number {
  if (count === 0) return Number.NaN;
  const rank = quantile * count;
  let below = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    below += buckets[i + 1] as number;
    if (below >= rank) return Math.min(max, Math.max(min, middleOf(buckets[i] as number)));
  }
  return max;
}

/** All values of both. */
export function addDistributions(a: DistributionState, b: DistributionState): DistributionState {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const counts = new Map<number, number>();
  for (const { buckets } of [a, b]) {
    for (let i = 0; i < buckets.length; i += 2) {
      const bucket = buckets[i] as number;
      counts.set(bucket, (counts.get(bucket) ?? 0) + (buckets[i + 1] as number));
    }
  }
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    buckets: [...counts].sort(([x], [y]) => x - y).flat(),
  };
}
