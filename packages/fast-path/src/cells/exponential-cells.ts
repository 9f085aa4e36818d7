import { type BoundHistogram, requireThat } from '@kvscope/core';
import { EXPONENT_BIAS, float, HIGH, words } from '../float-words.js';
import type { Cells, ExponentialValue, PointValue, RefuseValue } from './cells.js';

/**
 * Buckets grow by 2^(1/64), 1.09 %: the middle of one is at most 0.55 % from any of its values.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export const FINEST_SCALE = 6;
/** At the finest scale a factor of 2^20 between the least and the greatest value. */
export const MAX_BUCKETS = 1280;
const FIRST_BUCKETS = 160;

const PER_OCTAVE = 2 ** FINEST_SCALE;
const TABLE_BITS = 8;
const TABLE_SHIFT = 20 - TABLE_BITS;
const MANTISSA = 0xf_ffff;
const EXPONENT_OF_1 = EXPONENT_BIAS << 20;
const LEAST_NORMAL = 2 ** (1 - EXPONENT_BIAS);

/** Upper bounds of the buckets of one octave, from 1 to 2. */
const bounds = Float64Array.from({ length: PER_OCTAVE }, (_, i) => 2 ** ((i + 1) / PER_OCTAVE));
/** By the upper bits of a mantissa: a bucket of the octave that it does not lie below, and at most one too low. */
const starts = Uint8Array.from({ length: 2 ** TABLE_BITS }, (_, slot) =>
  bounds.findIndex((bound) => bound >= 1 + slot / 2 ** TABLE_BITS),
);

/** Told that a histogram has become coarser, since its values lie too far apart. */
export type TellScale = (scale: number) => void;

/**
 * A base-2 exponential histogram for values from 0 up. It begins at scale 6 and halves its resolution whenever its values
 * need more than 1,280 buckets.
 */
export class ExponentialCells implements Cells, BoundHistogram {
  readonly #refuse: RefuseValue;
  readonly #tellScale: TellScale;
  #counts = new Float64Array(FIRST_BUCKETS);
  /** The index of `#counts[0]`. */
  #offset = 0;
  /** The lowest and the highest index in use; the lowest above the highest while there is none. */
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #scale = FINEST_SCALE;
  #zeros = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(refuse: RefuseValue, tellScale: TellScale) {
    this.#refuse = refuse;
    this.#tellScale = tellScale;
  }

  record(value: number): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      this.#refuse(value);
      return;
    }
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value === 0) this.#zeros++;
    else this.#addTo(finestIndex(value), FINEST_SCALE, 1);
  }

  get empty(): boolean {
    return this.#max === Number.NEGATIVE_INFINITY;
  }

  take(other: this): void {
    this.merge(other.value());
  }

  merge(value: PointValue): void {
    const same = typeof value !== 'number' && 'positive' in value;
    requireThat(same, 'forwarded histogram', value, 'an exponential one');
    this.#sum += value.sum;
    this.#zeros += value.zeroCount;
    this.#min = Math.min(this.#min, value.min);
    this.#max = Math.max(this.#max, value.max);
    const { offset, bucketCounts } = value.positive;
    bucketCounts.forEach((count, i) => {
      if (count > 0) this.#addTo(offset + i, value.scale, count);
    });
  }

  clear(): void {
    this.#counts.fill(0);
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#scale = FINEST_SCALE;
    this.#zeros = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  value(): ExponentialValue {
    const used = this.#lowest <= this.#highest;
    const offset = used ? this.#lowest : 0;
    const bucketCounts = used
      ? [...this.#counts.subarray(offset - this.#offset, this.#highest + 1 - this.#offset)]
      : [];
    return {
      count: bucketCounts.reduce((all, n) => all + n, this.#zeros),
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      zeroCount: this.#zeros,
      scale: this.#scale,
      positive: { offset, bucketCounts },
      negative: { offset: 0, bucketCounts: [] },
    };
  }

  /** @param scale of the index; it is brought to that of these cells, or these cells to it */
  #addTo(index: number, scale: number, count: number): void {
    if (scale < this.#scale) this.#coarsen(this.#scale - scale);
    const own = index >> (scale - this.#scale);
    if (own < this.#lowest || own > this.#highest) this.#makeRoom(own);
    // The scale may have changed with it.
    const slot = (index >> (scale - this.#scale)) - this.#offset;
    this.#counts[slot] = (this.#counts[slot] as number) + count;
  }

  #makeRoom(index: number): void {
    let [lowest, highest] = [Math.min(this.#lowest, index), Math.max(this.#highest, index)];
    let halvings = 0;
    for (; highest - lowest >= MAX_BUCKETS; halvings++) {
      lowest >>= 1;
      highest >>= 1;
    }
    if (halvings > 0) this.#coarsen(halvings);
    const fits = lowest >= this.#offset && highest < this.#offset + this.#counts.length;
    if (!fits) this.#move(lowest, highest);
    this.#lowest = lowest;
    this.#highest = highest;
  }

  /** Lays the buckets out anew, with the spare room on both sides. */
  #move(lowest: number, highest: number): void {
    let size = this.#counts.length;
    while (size < highest - lowest + 1) size = Math.min(size * 2, MAX_BUCKETS);
    const counts = new Float64Array(size);
    const offset = lowest - ((size - (highest - lowest + 1)) >> 1);
    for (let index = this.#lowest; index <= this.#highest; index++) {
      counts[index - offset] = this.#counts[index - this.#offset] as number;
    }
    this.#counts = counts;
    this.#offset = offset;
  }

  #coarsen(halvings: number): void {
    const [before, from, lowest, highest] = [this.#counts, this.#offset, this.#lowest, this.#highest];
    this.#scale -= halvings;
    this.#tellScale(this.#scale);
    this.#counts = new Float64Array(before.length);
    if (lowest > highest) return;
    this.#lowest = lowest >> halvings;
    this.#highest = highest >> halvings;
    this.#offset = this.#lowest;
    for (let index = lowest; index <= highest; index++) {
      const slot = (index >> halvings) - this.#offset;
      this.#counts[slot] = (this.#counts[slot] as number) + (before[index - from] as number);
    }
  }
}

/** The bucket at the finest scale that a value above 0 lies in. */
function finestIndex(value: number): number {
  // Numbers without a leading one are left to the lowest bucket: nothing that is measured is that small.
  float[0] = value < LEAST_NORMAL ? LEAST_NORMAL : value;
  const high = words[HIGH] as number;
  const first = ((high >>> 20) - EXPONENT_BIAS) * PER_OCTAVE;
  words[HIGH] = (high & MANTISSA) | EXPONENT_OF_1;
  const mantissa = float[0] as number;
  // A power of two is the upper bound of the octave below it.
  if (mantissa === 1) return first - 1;
  const bucket = starts[(high & MANTISSA) >>> TABLE_SHIFT] as number;
  return first + (mantissa > (bounds[bucket] as number) ? bucket + 1 : bucket);
}
