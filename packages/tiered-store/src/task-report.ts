import type { ErrorType, ShardOrigins, Source, TaskFinished, TaskOperation } from '@kvscope/core';
import type { Reports } from './reports.js';

const MARKS = ['pickedUpTime', 'dispatchedTime', 'readyTime', 'copiedTime', 'handedOffTime'] as const;
type Mark = (typeof MARKS)[number];

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
  /** In the order of {@link MARKS}. */
  readonly #marks: (number | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
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
    const place = MARKS.indexOf(name);
    this.#marks.fill(undefined, place);
    this.#lastMark = this.#reports.moments.after(this.#lastMark);
    this.#marks[place] = this.#lastMark;
    return this.#lastMark;
  }

  /** When the last step was dispatched; when it was submitted, before. */
  get dispatchedTime(): number {
    return this.#marks[MARKS.indexOf('dispatchedTime')] ?? this.submittedTime;
  }

  /** Publishes the task, and the transfer that it was for the connector. To be called once. */
  finish(errorType?: ErrorType): TaskSummary {
    const { shards: asked } = this.#identity;
    const { cache, backend, shared } = this.origins;
    const shards: ShardOrigins = { cache, backend, shared, skipped: asked - cache - backend - shared };
    const { blocks, bytes } = this;
    const time = errorType === undefined ? this.#lastMark : this.#reports.moments.after(this.#lastMark);
    const summary = { shards, blocks, bytes };
    this.#reports.publish('task.finished', (source) =>
      errorType === undefined
        ? this.#succeeded(source, time, summary)
        : this.#failed(source, time, summary, errorType),
    );
    const attempted = this.#marks[0] !== undefined && errorType !== undefined;
    if (bytes > 0 || attempted) this.#publishTransfer(time, errorType);
    return summary;
  }

  /** Literals: an object that is spread into is one that is slow to make and to read. */
  #succeeded(source: Source, time: number, { shards, blocks, bytes }: TaskSummary): TaskFinished {
    const { submittedTime } = this;
    const { operation } = this.#identity;
    const [pickedUpTime, dispatchedTime, readyTime, copiedTime, handedOffTime] = this.#marks as [
      number,
      number,
      number,
      number,
      number,
    ];
    return operation === 'load'
      ? {
          source,
          time,
          operation,
          submittedTime,
          pickedUpTime,
          dispatchedTime,
          readyTime,
          copiedTime,
          shards,
          blocks,
          bytes,
        }
      : {
          source,
          time,
          operation,
          submittedTime,
          pickedUpTime,
          dispatchedTime,
          copiedTime,
          handedOffTime,
          shards,
          blocks,
          bytes,
        };
  }

  /** With the marks that a task that failed got as far as. */
  #failed(source: Source, time: number, summary: TaskSummary, errorType: ErrorType): TaskFinished {
    const { submittedTime } = this;
    const marks = Object.fromEntries(
      MARKS.flatMap((name, i) => (this.#marks[i] === undefined ? [] : [[name, this.#marks[i]]])),
    );
    return {
      source,
      time,
      operation: this.#identity.operation,
      submittedTime,
      ...marks,
      ...summary,
      errorType,
    };
  }

  #publishTransfer(time: number, errorType: ErrorType | undefined): void {
    const { submittedTime: startTime, blocks, bytes } = this;
    const { operation, requests } = this.#identity;
    const [from, to] = operation === 'load' ? (['l1', 'l0'] as const) : (['l0', 'l1'] as const);
    this.#reports.publish('transfer.finished', (source) => {
      const transfer = { source, time, startTime, from, to, blocks, bytes };
      if (requests === undefined && errorType === undefined) return transfer;
      return { ...transfer, ...(requests !== undefined && { requests }), ...(errorType && { errorType }) };
    });
  }
}
