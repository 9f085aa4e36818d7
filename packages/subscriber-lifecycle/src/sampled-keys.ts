import type { BlockKey, Sampler } from '@kvscope/core';

/*
 * A key is tracked as 64 bits and its kind. That is exact for numbers and for bigints of 64 bits, signed or not. Strings,
 * and bigints of more bits, are known by a fingerprint of 64 bits: among a million of them there is one chance in
 * 37 million that any two are taken for one (n^2 / 2^65). It keeps no string alive.
 */

const KIND = { number: 0, signed: 1, unsigned: 2, wide: 3, string: 4 } as const;
const KIND_BITS = 3;

const MIN_SIGNED = -(2n ** 63n);
const ABOVE_SIGNED = 2n ** 63n;
const ABOVE_UNSIGNED = 2n ** 64n;

const float = new Float64Array(1);
const big = new BigUint64Array(float.buffer);
const words = new Int32Array(float.buffer);

/** Keys of an event that are looked at in one go. */
export const SLICE = 256;

/** The sampled keys of a slice of an event, as they are tracked. */
export class SampledKeys {
  readonly low = new Int32Array(SLICE);
  readonly high = new Int32Array(SLICE);
  /** The tier and the kind in one word: two keys of different kinds are never one. */
  readonly identity = new Int32Array(SLICE);
  readonly #sampler: Sampler;
  readonly #places = new Uint32Array(SLICE);

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
  }

  /**
   * Takes the slice that begins at place `from`.
   * @param tier the number of the tier that the keys are in
   * @returns how many of the keys are sampled
   */
  take(keys: readonly BlockKey[], from: number, tier: number): number {
    const places = this.#places;
    const count = this.#sampler.sampleInto(keys, from, places);
    for (let i = 0; i < count; i++) {
      const key = keys[places[i] as number] as BlockKey;
      let kind: number = KIND.number;
      // -0 + 0 is 0: the two are one key.
      if (typeof key === 'number') float[0] = key + 0;
      else kind = toWords(key);
      this.low[i] = words[0] as number;
      this.high[i] = words[1] as number;
      this.identity[i] = (tier << KIND_BITS) | kind;
    }
    return count;
  }
}

/** The number of the tier that an identity is in. */
export function tierNumber(identity: number): number {
  return identity >>> KIND_BITS;
}

/** Leaves the 64 bits in `words`. @returns the kind */
function toWords(key: bigint | string): number {
  if (typeof key === 'bigint') {
    const kind = kindOf(key);
    if (kind === KIND.wide) fingerprint(key.toString(16));
    else big[0] = key;
    return kind;
  }
  fingerprint(key);
  return KIND.string;
}

function kindOf(key: bigint): number {
  if (key < ABOVE_SIGNED) return key >= MIN_SIGNED ? KIND.signed : KIND.wide;
  return key < ABOVE_UNSIGNED ? KIND.unsigned : KIND.wide;
}

/**
 * Leaves the fingerprint in `words`. Each pair of code units goes into the first half, the first into the second; for a
 * given pair the step is a bijection of the 64 bits, so that none of them is lost on the way.
 */
function fingerprint(text: string): void {
  const { length } = text;
  let a = length;
  let b = 0x9e3779b9;
  for (let i = 0; i < length; i += 2) {
    // Behind the last one there is NaN, which counts as 0.
    a = mixed(a ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), 0x21f0aaad);
    b = mixed((b + a) | 0, 0x735a2d97);
  }
  for (let round = 0; round < 2; round++) {
    a = mixed((a + b) | 0, 0x21f0aaad);
    b = mixed((b + a) | 0, 0x735a2d97);
  }
  words[0] = a;
  words[1] = b;
}

function mixed(value: number, multiplier: number): number {
  const h = Math.imul(value ^ (value >>> 16), multiplier);
  return h ^ (h >>> 15);
}
