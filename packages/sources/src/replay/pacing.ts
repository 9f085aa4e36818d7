import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, requireThat } from '@kvscope/core';

/** Resolves after `ms`, which is above 0 and at most 2^31 - 1; rejects when the signal aborts. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The longest that a timer takes: 2^31 - 1 ms, 24.8 days. */
const LONGEST_WAIT_MS = 0x7fff_ffff;
/** How many times as fast as it was recorded a trace may pass. */
export const LEAST_SPEED = 1e-6;
export const MOST_SPEED = 1e9;

export const systemWait: Wait = (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal });

/**
 * Lets a trace pass `speed` times as fast as it was recorded. Each moment is counted from the first, so that what one
 * wait is off by does not add up.
 */
export class Pacing {
  readonly #speed: number;
  readonly #clock: Clock;
  readonly #wait: Wait;
  #first: { readonly timestamp: number; readonly now: number } | undefined;

  /** @param speed from 1e-6 to 1e9 @throws RangeError when it is outside */
  constructor(speed: number, clock: Clock, wait: Wait) {
    const allowed = typeof speed === 'number' && speed >= LEAST_SPEED && speed <= MOST_SPEED;
    requireThat(allowed, 'speed', speed, `'max' or a number from ${LEAST_SPEED} to ${MOST_SPEED}`);
    this.#speed = speed;
    this.#clock = clock;
    this.#wait = wait;
  }

  /**
   * How long until a request with this timestamp is due: 0 or less when it is, as for one that is out of order
   * behind another. ms
   */
  remaining(timestamp: number): number {
    const now = this.#clock.now();
    this.#first ??= { timestamp, now };
    return this.#first.now + (timestamp - this.#first.timestamp) / this.#speed - now;
  }

  /** Resolves when the request is due. @throws the signal's reason when it aborts */
  async until(timestamp: number, signal: AbortSignal | undefined): Promise<void> {
    for (let left = this.remaining(timestamp); left > 0; left = this.remaining(timestamp)) {
      try {
        await this.#wait(Math.min(left, LONGEST_WAIT_MS), signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    }
  }
}
