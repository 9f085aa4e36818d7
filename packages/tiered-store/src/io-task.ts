import type { ErrorType, IoDirection } from '@kvscope/core';
import type { Reports } from './reports.js';

/** One task of L2: the io calls that one step of a load, or one hand-off of a dump, gave it. */
export class IoTask {
  readonly #reports: Reports;
  readonly #direction: IoDirection;
  readonly #startTime: number;
  #left: number;
  #errorType: ErrorType | undefined;

  /** @param calls how many io calls it has, at least 1 */
  constructor(reports: Reports, direction: IoDirection, calls: number) {
    this.#reports = reports;
    this.#direction = direction;
    this.#startTime = reports.moments.now();
    this.#left = calls;
  }

  /** One call ended; with the last of them the task is over (true), with the first failure as its own. */
  done(errorType: ErrorType | undefined): boolean {
    this.#errorType ??= errorType;
    if (--this.#left > 0) return false;
    const failure = this.#errorType;
    this.#reports.publish('io.task.finished', (source) => ({
      source,
      time: this.#reports.moments.after(this.#startTime),
      tier: 'l2',
      direction: this.#direction,
      startTime: this.#startTime,
      ...(failure && { errorType: failure }),
    }));
    return true;
  }
}
