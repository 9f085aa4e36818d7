/** The time between the first and the latest request of a trace. */
export class TraceSpan {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** @param timestamp in ms */
  add(timestamp: number): void {
    this.#first = Math.min(this.#first, timestamp);
    this.#last = Math.max(this.#last, timestamp);
  }

  get seconds(): number {
    return Math.max(0, this.#last - this.#first) / 1000;
  }
}
