import type { Labels } from '../answers.js';

/** A bucket of a histogram: its upper bound, infinite for the last, and what was counted up to it. */
interface UpTo<Counts> {
  readonly bound: number;
  readonly counts: Counts;
}

/** The bound that the label of a bucket names; not a number when it names none. */
export function boundOf({ le = '' }: Labels): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : le === '' ? Number.NaN : Number(le);
}

/** In the order of their bounds; what has no bound is left out. */
export function ascending<Counts>(buckets: readonly UpTo<Counts>[]): readonly UpTo<Counts>[] {
  return buckets.filter(({ bound }) => !Number.isNaN(bound)).sort((a, b) => a.bound - b.bound);
}

/** What fell into a bucket alone, by what was counted up to it and up to the one before: never below 0. */
export function within(upTo: number | null, before: number | null): number | null {
  return upTo === null ? null : Math.max(0, upTo - (before ?? 0));
}

/** The first and the last bucket that hold something, with one beside them. @param holds one for each bucket */
export function occupied(holds: readonly boolean[]): readonly [first: number, end: number] | undefined {
  const first = holds.indexOf(true);
  if (first < 0) return undefined;
  return [Math.max(0, first - 1), Math.min(holds.length, holds.lastIndexOf(true) + 2)];
}
