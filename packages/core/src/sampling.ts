import { BatchSampler } from './batch-sampler.js';
import type { BlockKey } from './events.js';
import { createKeyHash, type KeyHash } from './hash.js';
import { requireThat } from './validation.js';

export const DEFAULT_SAMPLE_RATE = 0.01;
export const DEFAULT_SAMPLE_SEED = 0;
const HASH_RANGE = 2 ** 32;

/** Decides by a key's hash alone whether it is sampled: the same answer in every process, replica and restart. */
export interface Sampler {
  /** Share of keys sampled, above 0 and at most 1. */
  readonly rate: number;
  readonly seed: number;
  readonly hash: KeyHash;
  /** `hash(key) < rate * 2^32`. What is sampled at a rate is also sampled at every higher one. */
  sampled(key: BlockKey): boolean;
  /**
   * Looks at the keys from place `from` on, as many as `places` has room for, and notes the places of those that are
   * sampled; faster than asking for one key after the other.
   * @returns how many are sampled
   */
  sampleInto(keys: readonly BlockKey[], from: number, places: Uint32Array): number;
}

/**
 * @param rate share of keys sampled: 0 < rate <= 1
 * @param seed a whole number from 0 to 2^32 - 1; another seed samples other keys
 * @throws RangeError when either is outside its range
 */
export function createSampler(rate = DEFAULT_SAMPLE_RATE, seed = DEFAULT_SAMPLE_SEED): Sampler {
  requireThat(
    typeof rate === 'number' && rate > 0 && rate <= 1,
    'sampleRate',
    rate,
    'above 0 and at most 1; to record no block lifecycles switch the lifecycle subscriber off',
  );
  requireThat(
    Number.isInteger(seed) && seed >= 0 && seed < HASH_RANGE,
    'sampleSeed',
    seed,
    'a whole number from 0 to 4294967295',
  );
  const hash = createKeyHash(seed);
  const below = rate * HASH_RANGE;
  const batches = new BatchSampler(seed, Math.ceil(below) - 1);
  return {
    rate,
    seed,
    hash,
    sampled: (key) => hash(key) < below,
    sampleInto: rate === 1 ? fillWithPlaces : (keys, from, places) => batches.sampleInto(keys, from, places),
  };
}

/** At a rate of 1 no key has to be looked at. */
function fillWithPlaces(keys: readonly BlockKey[], from: number, places: Uint32Array): number {
  const count = Math.min(keys.length - from, places.length);
  for (let i = 0; i < count; i++) places[i] = from + i;
  return count;
}
