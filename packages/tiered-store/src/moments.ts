import type { Clock } from '@kvscope/core';

/** Distance of two neighbouring float64 epoch times in ms (2^40 to 2^41 ms: the years 2004 to 2039): 0.24 us. */
const GRAIN_MS = 2 ** -12;

/** Reads the times of events. */
export class Moments {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /**
   * Now, and later than `earlier`: what took less than an epoch time can show took one grain, not no time.
   * @param now a reading of just now, where there is one: the clock costs as much as telling of an event
   */
  after(earlier: number, now = this.#clock.now()): number {
    return Math.max(now, earlier + GRAIN_MS);
  }
}
