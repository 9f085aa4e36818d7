import { setTimeout as sleep } from 'node:timers/promises';
import { integerOption, numberOption } from '@kvscope/core';

/**
 * Makes one place slow on purpose, in milliseconds each, 0 to 60,000. For demonstrations and tests of diagnosis
 * only: a store that is meant to work has none.
 */
export interface DelayOptions {
  /** A task waits so long in the queue, holding its place in it. Default: 0. */
  readonly queueMs?: number;
  /** Which of the tasks: each so many-th, 1 to 60,000. Default: 1, all of them. */
  readonly queueEvery?: number;
  /** Each read call of L2 takes so much longer. Default: 0. */
  readonly readMs?: number;
  /** Each write call of L2 takes so much longer. Default: 0. */
  readonly writeMs?: number;
  /** Each copy between L0 and L1 (one per step of a task) takes so much longer. Default: 0. */
  readonly copyMs?: number;
  /** Each hand-off of a dump to the write-behind queue takes so much longer. Default: 0. */
  readonly handoffMs?: number;
}

export type Delays = Readonly<Required<DelayOptions>>;

const NAMES = ['queueMs', 'readMs', 'writeMs', 'copyMs', 'handoffMs'] as const;
const MAX_DELAY_MS = 60_000;
const MAX_EVERY = 60_000;

/** @throws RangeError when one is outside its range */
export function createDelays(options: DelayOptions = {}): Delays {
  const queueEvery = integerOption('delays.queueEvery', options.queueEvery, 1, 1, MAX_EVERY);
  const delays = { queueMs: 0, queueEvery, readMs: 0, writeMs: 0, copyMs: 0, handoffMs: 0 };
  for (const name of NAMES) {
    delays[name] = numberOption(`delays.${name}`, options[name], 0, 0, MAX_DELAY_MS);
  }
  return Object.freeze(delays);
}

/** Does nothing for at least so long: a timer counts from the start of its turn and may fire early. */
export async function pause(ms: number): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) await sleep(left);
}
