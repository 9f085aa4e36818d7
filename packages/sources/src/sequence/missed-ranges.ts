const MAX_RANGES = 32;

/** The gaps given up last: a batch that comes too late for one must not bring back what is gone by then. */
export class MissedRanges {
  #ranges: { readonly from: number; readonly below: number }[] = [];

  add(from: number, below: number): void {
    this.#ranges.push({ from, below });
    if (this.#ranges.length > MAX_RANGES) this.#ranges.shift();
  }

  has(sequence: number): boolean {
    return this.#ranges.some(({ from, below }) => sequence >= from && sequence < below);
  }

  clear(): void {
    this.#ranges = [];
  }
}
