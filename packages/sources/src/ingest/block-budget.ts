/** How many blocks all publishers of one process may have remembered together. */
export class BlockBudget {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** False when there is no room left. */
  take(): boolean {
    if (this.#used >= this.limit) return false;
    this.#used++;
    return true;
  }

  giveBack(count: number): void {
    this.#used -= count;
  }
}
