import { EXPONENT_BIAS } from './float-words.js';

/** A value's exponent and upper three mantissa bits: 2^14 of them for what is not negative. */
const SLOT_BITS = 14;
const SLOTS_PER_EXPONENT = 8;
const MOST = 255;

/** Shift of the high word of a float64 that gives its slot. */
export const SLOT_SHIFT = 32 - 1 - SLOT_BITS;

/** What finds the bucket of a value: a start that is at most a few steps too low, and the bounds to step up by. */
export interface BucketTable {
  readonly boundaries: readonly number[];
  /** By slot: a bucket that no value of the slot lies below. */
  readonly starts: Uint8Array;
  /** The boundaries, and above them infinity, at which every search ends. */
  readonly bounds: Float64Array;
}

const tables = new Map<string, BucketTable>();

/**
 * The table of a list of boundaries, made once: 16 kB, small enough for a first-level cache, which a binary search over
 * random values is not as fast as (its branches cannot be foreseen).
 */
export function bucketTable(boundaries: readonly number[]): BucketTable {
  const identity = boundaries.join(' ');
  const known = tables.get(identity);
  if (known !== undefined) return known;
  const starts = new Uint8Array(2 ** SLOT_BITS);
  let bucket = 0;
  for (let slot = 0; slot < starts.length; slot++) {
    const least = leastOf(slot);
    while (bucket < Math.min(boundaries.length, MOST) && (boundaries[bucket] as number) < least) bucket++;
    starts[slot] = bucket;
  }
  const made = { boundaries, starts, bounds: Float64Array.of(...boundaries, Number.POSITIVE_INFINITY) };
  tables.set(identity, made);
  return made;
}

/** The least value whose slot it is. */
function leastOf(slot: number): number {
  const exponent = Math.floor(slot / SLOTS_PER_EXPONENT);
  const eighths = slot % SLOTS_PER_EXPONENT;
  // Exponent 0 stands for numbers without a leading one.
  if (exponent === 0) return (eighths / SLOTS_PER_EXPONENT) * 2 ** (1 - EXPONENT_BIAS);
  return (1 + eighths / SLOTS_PER_EXPONENT) * 2 ** (exponent - EXPONENT_BIAS);
}
