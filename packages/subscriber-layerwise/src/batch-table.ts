import {
  type BatchId,
  OpenWork,
  type Source,
  type Work,
  type WorkEnds,
  type WorkLimits,
} from '@kvscope/core';

/** What the events of one batch add up to. Times are epoch ms. */
export interface Batch extends Work<Batch> {
  readonly source: Source;
  readonly id: BatchId;
  /** Sum of its load waits. */
  waitedMs: number;
  /** Sum of its layers' load times. */
  loadedMs: number;
  /** When its last load wait ended; -Infinity before the first. */
  loadWaitEndTime: number;
  /** When its last save wait ended; -Infinity before the first. */
  saveWaitEndTime: number;
}

/** Batches by source and id, bounded by count and age. */
export class BatchTable {
  readonly #sources = new Map<Source, Map<BatchId, Batch>>();
  readonly #work: OpenWork<Batch>;

  constructor(limits: WorkLimits, abandoned: WorkEnds<Batch>['abandoned']) {
    this.#work = new OpenWork(limits, {
      abandoned,
      forgotten: (batch) => this.#remove(batch),
    });
  }

  /**
   * The batch that an event belongs to, opened when it is new; undefined when that batch is over.
   * @param startTime of the event; @param now local time
   */
  open(source: Source, id: BatchId, startTime: number, now: number): Batch | undefined {
    const known = this.#sources.get(source)?.get(id);
    if (known !== undefined) {
      if (known.endedTime === undefined) return known;
      if (startTime < known.endedTime) {
        this.#work.recall(known, now);
        return undefined;
      }
      this.#work.forget(known);
    }
    const batch = this.#insert(source, id, now);
    return this.#work.add(batch) ? batch : undefined;
  }

  /**
   * The batch has finished at an event time.
   * @returns what it added up to; undefined when nothing is known of it
   */
  finish(source: Source, id: BatchId, time: number, now: number): Batch | undefined {
    const batch = this.#sources.get(source)?.get(id);
    if (batch === undefined || Number.isFinite(batch.endedTime)) return undefined;
    const wasOpen = batch.endedTime === undefined;
    this.#work.end(batch, time, now);
    return wasOpen ? batch : undefined;
  }

  sweep(now: number): void {
    this.#work.sweep(now);
  }

  #insert(source: Source, id: BatchId, now: number): Batch {
    const batches = this.#sources.get(source) ?? new Map<BatchId, Batch>();
    this.#sources.set(source, batches);
    const batch: Batch = {
      source,
      id,
      waitedMs: 0,
      loadedMs: 0,
      loadWaitEndTime: Number.NEGATIVE_INFINITY,
      saveWaitEndTime: Number.NEGATIVE_INFINITY,
      sinceTime: now,
      endedTime: undefined,
      older: undefined,
      newer: undefined,
    };
    batches.set(id, batch);
    return batch;
  }

  #remove({ source, id }: Batch): void {
    const batches = this.#sources.get(source);
    batches?.delete(id);
    if (batches?.size === 0) this.#sources.delete(source);
  }
}
