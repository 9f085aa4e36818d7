/** Buckets to a doubling of the distance, as a power of 2: a bucket is at most 1/128 of its distances wide. */
const BITS = 7;
/** Larger distances share the last bucket, also the infinite ones of first references. {block} */
const MAX_DISTANCE = 2 ** 31 - 1;

/** The widest that a bucket is, as a part of the distances in it. */
export const RESOLUTION = 2 ** -BITS;
/** Below this each distance has a bucket of its own. {block} */
export const EXACT_BELOW = 2 ** (BITS + 1);

/** The bucket of a distance, in blocks; fractions are dropped. */
export function bucketOf(distance: number): number {
  const blocks = distance < MAX_DISTANCE ? distance | 0 : MAX_DISTANCE;
  const doublings = Math.max(0, 31 - Math.clz32(blocks) - BITS);
  return (doublings << BITS) + (blocks >>> doublings);
}

/** Where a capacity lies among the buckets: the one of its distance, and how far into that. */
function placeOf(capacity: number): number {
  const bucket = bucketOf(capacity);
  const doublings = Math.max(0, (bucket >>> BITS) - 1);
  const from = (bucket - (doublings << BITS)) * 2 ** doublings;
  return bucket + Math.min(1, (capacity - from) / 2 ** doublings);
}

/** How many buckets there are when 2^shift neighbouring ones are counted as one. */
export const bucketsAt = (shift: number): number => (bucketOf(MAX_DISTANCE) >>> shift) + 1;

/** Weighted counts of reuse distances, in buckets that widen with the distance. */
export class Distances {
  readonly #shift: number;
  readonly #counts: Float64Array;

  /**
   * @param counts by bucket, from the first one on: whoever counts writes them there himself
   * @param shift 2^shift neighbouring buckets are counted as one
   */
  constructor(counts: Float64Array, shift = 0) {
    this.#shift = shift;
    this.#counts = counts.subarray(0, bucketsAt(shift));
  }

  /** Weight of all references. */
  get total(): number {
    return this.#counts.reduce((sum, weight) => sum + weight, 0);
  }

  /** Weight of the distances below `capacity`, in blocks; linear within the bucket that it falls in. */
  below(capacity: number): number {
    const place = placeOf(capacity) / 2 ** this.#shift;
    const last = Math.min(Math.floor(place), this.#counts.length - 1);
    let sum = (this.#counts[last] as number) * Math.min(1, place - last);
    for (let at = 0; at < last; at++) sum += this.#counts[at] as number;
    return sum;
  }
}
