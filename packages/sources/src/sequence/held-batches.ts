/** A batch with its number. */
export interface NumberedBatch {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Live batches that wait, in the order of their numbers, until what was missed before them is replayed. Bounded. */
export class HeldBatches {
  readonly #maxBatches: number;
  readonly #maxBytes: number;
  readonly #batches: NumberedBatch[] = [];
  #bytes = 0;

  constructor(maxBatches: number, maxBytes: number) {
    this.#maxBatches = maxBatches;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#batches.length;
  }

  get full(): boolean {
    return this.#batches.length > this.#maxBatches || this.#bytes > this.#maxBytes;
  }

  get first(): number | undefined {
    return this.#batches[0]?.sequence;
  }

  get last(): number | undefined {
    return this.#batches.at(-1)?.sequence;
  }

  /** False for a number that is held already. */
  add(sequence: number, payload: Uint8Array): boolean {
    let at = this.#batches.length;
    while (at > 0 && (this.#batches[at - 1] as NumberedBatch).sequence > sequence) at--;
    if (this.#batches[at - 1]?.sequence === sequence) return false;
    this.#batches.splice(at, 0, { sequence, payload });
    this.#bytes += payload.length;
    return true;
  }

  /** How many come before `sequence`. {batch} */
  countBelow(sequence: number): number {
    let count = 0;
    while (count < this.#batches.length && (this.#batches[count] as NumberedBatch).sequence < sequence)
      count++;
    return count;
  }

  /** Takes those up to and without `sequence`, in order. */
  takeBelow(sequence: number): readonly NumberedBatch[] {
    const taken = this.#batches.splice(0, this.countBelow(sequence));
    for (const { payload } of taken) this.#bytes -= payload.length;
    return taken;
  }
}
