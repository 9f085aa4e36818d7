import { requireThat } from './validation.js';

/*
 * An event that contradicts itself is refused whole: its subscriber throws before it has recorded anything, and the
 * bus counts the failure under the subscriber's name. Half of such an event would bend the ratios of those metrics
 * that are meant to be divided by each other.
 */

/**
 * An amount of an event, such as its bytes.
 * @throws RangeError when it is negative or not finite: once added, no counter would get rid of it
 */
export function requireAmount(field: string, value: number): void {
  requireThat(value >= 0 && value < Number.POSITIVE_INFINITY, field, value, 'a finite number from 0 up');
}

/**
 * The milliseconds between two times of an event.
 * @throws RangeError when the end is before the start, or one of them is not finite
 */
export function intervalMs(field: string, startMs: number, endMs: number): number {
  const ms = endMs - startMs;
  if (ms >= 0 && ms < Number.POSITIVE_INFINITY) return ms;
  throw new RangeError(
    `${field} runs from ${startMs} to ${endMs}; allowed: finite times, the start not after the end`,
  );
}

/**
 * An amount that is part of another one, such as the hits of a lookup.
 * @throws RangeError when it is negative or more than the whole
 */
export function requirePart(field: string, part: number, whole: number): void {
  requireThat(part >= 0 && part <= whole, field, part, `a number from 0 to the whole, ${whole}`);
}
