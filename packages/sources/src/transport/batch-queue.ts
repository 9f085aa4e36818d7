/** A message that has come and waits for its turn. */
export interface QueuedBatch {
  readonly payload: Uint8Array;
  /** Its turn has come. */
  take(): void;
  /** There was no room. */
  dropped(): void;
}

export interface QueueLimits {
  /** Batches that wait at most. Default: 10,000. */
  readonly maxBatches?: number;
  /** Their bytes at most. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/** How long batches are taken at a stretch before sockets and timers get their turn. */
const SLICE_MS = 10;
/** Batches between two looks at the clock. */
const BETWEEN_LOOKS = 16;

/**
 * Stands between the sockets and the bus. When it is full the batch that comes is dropped and counted, not one that
 * waits: what waits is in order already, and the one dropped shows as a gap at the end, which a replay can fill.
 */
export class BatchQueue {
  readonly #maxBatches: number;
  readonly #maxBytes: number;
  #waiting: QueuedBatch[] = [];
  #next = 0;
  #bytes = 0;
  #scheduled = false;
  #closed = false;

  constructor({ maxBatches = 10_000, maxBytes = 64 * 1024 * 1024 }: QueueLimits = {}) {
    this.#maxBatches = maxBatches;
    this.#maxBytes = maxBytes;
  }

  /** Batches that wait. */
  get size(): number {
    return this.#waiting.length - this.#next;
  }

  add(batch: QueuedBatch): void {
    if (this.#closed) return;
    if (this.size >= this.#maxBatches || this.#bytes + batch.payload.length > this.#maxBytes) {
      batch.dropped();
      return;
    }
    this.#waiting.push(batch);
    this.#bytes += batch.payload.length;
    this.#schedule();
  }

  /** Takes all that waits, now. */
  drain(): void {
    while (this.size > 0) this.#take();
  }

  /** Takes what waits, and lets nothing in any more. */
  close(): void {
    this.drain();
    this.#closed = true;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#takeSlice();
      if (this.size > 0) this.#schedule();
    });
  }

  #takeSlice(): void {
    const end = performance.now() + SLICE_MS;
    for (let taken = 1; this.size > 0; taken++) {
      this.#take();
      if (taken % BETWEEN_LOOKS === 0 && performance.now() >= end) return;
    }
  }

  #take(): void {
    const batch = this.#waiting[this.#next++] as QueuedBatch;
    this.#bytes -= batch.payload.length;
    // Taken ones go all at once, so that a batch costs no shift of the rest.
    if (this.#next === this.#waiting.length || this.#next >= 4096) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    batch.take();
  }
}
