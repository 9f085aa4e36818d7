const MAX_BATCHES = 64;
const MAX_BYTES = 1024 * 1024;

/**
 * The last batches that were applied: what tells a batch that comes twice from one that a restarted publisher gave
 * the same number. Only looked at when a number goes back, so that the way of an ordinary batch pays nothing.
 */
export class RecentBatches {
  readonly #payloads = new Map<number, Uint8Array>();
  #bytes = 0;

  add(sequence: number, payload: Uint8Array): void {
    this.#payloads.set(sequence, payload);
    this.#bytes += payload.length;
    if (this.#payloads.size <= MAX_BATCHES && this.#bytes <= MAX_BYTES) return;
    for (const [oldest, bytes] of this.#payloads) {
      if (this.#payloads.size <= MAX_BATCHES && this.#bytes <= MAX_BYTES) return;
      this.#payloads.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  /** Whether a batch is the one applied under that number; undefined when that is not remembered. */
  same(sequence: number, payload: Uint8Array): boolean | undefined {
    const known = this.#payloads.get(sequence);
    return known === undefined ? undefined : Buffer.compare(known, payload) === 0;
  }

  clear(): void {
    this.#payloads.clear();
    this.#bytes = 0;
  }
}
