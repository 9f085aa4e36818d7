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

  /** Whether all calls but one have ended. */
  get last(): boolean {
    return this.#left === 1;
  }

  /** One call ended; with the last of them the task is over, with the first failure as its own. */
  done(errorType: ErrorType | undefined): void {
    this.#errorType ??= errorType;
    if (--this.#left > 0) return;
    const failure = this.#errorType;
    const [direction, startTime, tier] = [this.#direction, this.#startTime, 'l2'] as const;
    const time = this.#reports.moments.after(startTime);
    this.#reports.publish('io.task.finished', (source) =>
      failure === undefined
        ? { source, time, tier, direction, startTime }
        : { source, time, tier, direction, startTime, errorType: failure },
    );
  }
}
