/** Distances of 2^40 blocks and more share the last bucket. */
const MAX_EXPONENT = 40;

/** A number and the upper half of its IEEE 754 bits: the sign, 11 bits of exponent, 20 of the mantissa. */
const scratch = new Float64Array(1);
const halves = new Uint32Array(scratch.buffer);
const UPPER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const MANTISSA_BITS = 20;
const EXPONENT_BIAS = 1023;

/** Weighted counts of reuse distances, in buckets that widen with the distance. */
export class Distances {
  readonly #bits: number;
  readonly #counts: Float64Array;
  #total = 0;

  /** @param bits a bucket is at most 2^-bits of its distances wide; below 2^(bits + 1) each distance has its own */
  constructor(bits: number) {
    this.#bits = bits;
    this.#counts = new Float64Array((MAX_EXPONENT - bits + 1) << bits);
  }

  /** Weight of all references, those without a distance included. */
  get total(): number {
    return this.#total;
  }

  /** @param distance blocks, 0 or more; infinite for a first reference */
  add(distance: number, weight: number): void {
    this.#total += weight;
    if (distance === Number.POSITIVE_INFINITY) return;
    const bucket = this.#bucketOf(distance);
    this.#counts[bucket] = (this.#counts[bucket] as number) + weight;
  }

  /** Weight of the distances below `capacity`, in blocks; linear within the bucket that it falls in. */
  below(capacity: number): number {
    const last = this.#bucketOf(capacity);
    let sum = 0;
    for (let bucket = 0; bucket < last; bucket++) sum += this.#counts[bucket] as number;
    const width = 2 ** Math.max(0, Math.floor(Math.log2(capacity)) - this.#bits);
    const part = Math.min(1, capacity / width - Math.floor(capacity / width));
    return sum + (this.#counts[last] as number) * part;
  }

  /** Multiplies every weight. */
  scale(factor: number): void {
    this.#total *= factor;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      this.#counts[bucket] = (this.#counts[bucket] as number) * factor;
    }
  }

  /**
   * The distance itself where each has a bucket; above, its exponent and the first bits of its mantissa, which lie
   * side by side in a float64.
   */
  #bucketOf(distance: number): number {
    const bits = this.#bits;
    if (distance < 1 << bits) return distance | 0;
    scratch[0] = distance;
    const bucket =
      ((halves[UPPER] as number) >>> (MANTISSA_BITS - bits)) - ((EXPONENT_BIAS + bits - 1) << bits);
    return Math.min(bucket, this.#counts.length - 1);
  }
}
