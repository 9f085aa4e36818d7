import { float, HIGH, words } from './float-words.js';

/** A value's exponent and upper three mantissa bits: 2^14 of them for what is not negative. */
const SLOT_BITS = 14;
/** The greatest start that there is room for; what lies higher is found by stepping up. */
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
  // All values of the slots above that of a boundary are above the boundary.
  boundaries.forEach((bound, i) => void starts.fill(Math.min(i + 1, MOST), slotOf(bound) + 1));
  const made = { boundaries, starts, bounds: Float64Array.of(...boundaries, Number.POSITIVE_INFINITY) };
  tables.set(identity, made);
  return made;
}

/** The slot of a value, -1 below 0. */
function slotOf(value: number): number {
  float[0] = value;
  return value < 0 ? -1 : (words[HIGH] as number) >>> SLOT_SHIFT;
}
