import type { ErrorType, ShardOrigins, TaskFinished, TaskOperation } from '@kvscope/core';
import type { Reports } from './reports.js';

const MARKS = ['pickedUpTime', 'dispatchedTime', 'readyTime', 'copiedTime', 'handedOffTime'] as const;
type Mark = (typeof MARKS)[number];
type Marks = { -readonly [M in Mark]?: number };

/** What a task has moved. */
export interface TaskSummary {
  readonly shards: ShardOrigins;
  /** Blocks that the task completed in the tier it moved them to. {block} */
  readonly blocks: number;
  /** Bytes copied between L0 and L1. By */
  readonly bytes: number;
}

export interface TaskIdentity {
  readonly operation: TaskOperation;
  /** Shards asked for. */
  readonly shards: number;
  readonly requests?: number | undefined;
}

/** Follows one task from its submission, and publishes it once when it has ended, whichever way. */
export class TaskReport {
  readonly submittedTime: number;
  readonly #reports: Reports;
  readonly #identity: TaskIdentity;
  readonly #marks: Marks = {};
  #lastMark: number;
  /** Shards by origin; those that get none of these words by the end were skipped. */
  readonly origins = { cache: 0, backend: 0, shared: 0 };
  blocks = 0;
  bytes = 0;

  constructor(reports: Reports, identity: TaskIdentity) {
    this.#reports = reports;
    this.#identity = identity;
    this.submittedTime = reports.moments.now();
    this.#lastMark = this.submittedTime;
  }

  /** A stage ended now. A task that works in several steps marks again: the last step counts. */
  mark(name: Mark): number {
    for (const later of MARKS.slice(MARKS.indexOf(name))) delete this.#marks[later];
    this.#lastMark = this.#reports.moments.after(this.#lastMark);
    this.#marks[name] = this.#lastMark;
    return this.#lastMark;
  }

  /** When the last step was dispatched; when it was submitted, before. */
  get dispatchedTime(): number {
    return this.#marks.dispatchedTime ?? this.submittedTime;
  }

  /** Publishes the task, and the transfer that it was for the connector. To be called once. */
  finish(errorType?: ErrorType): TaskSummary {
    const { operation, shards: asked, requests } = this.#identity;
    const { cache, backend, shared } = this.origins;
    const shards: ShardOrigins = { cache, backend, shared, skipped: asked - cache - backend - shared };
    const { blocks, bytes, submittedTime } = this;
    const time = errorType === undefined ? this.#lastMark : this.#reports.moments.after(this.#lastMark);
    const failure = errorType && { errorType };
    this.#reports.publish('task.finished', (source) => ({
      source,
      time,
      operation,
      submittedTime,
      ...(this.#marks as Pick<TaskFinished, Mark>),
      shards,
      blocks,
      bytes,
      ...failure,
    }));
    const attempted = this.#marks.pickedUpTime !== undefined && errorType !== undefined;
    if (bytes > 0 || attempted) {
      this.#reports.publish('transfer.finished', (source) => ({
        source,
        time,
        startTime: submittedTime,
        from: operation === 'load' ? 'l1' : 'l0',
        to: operation === 'load' ? 'l0' : 'l1',
        blocks,
        bytes,
        ...(requests !== undefined && { requests }),
        ...failure,
      }));
    }
    return { shards, blocks, bytes };
  }
}
