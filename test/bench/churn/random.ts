/** Whole random numbers, the same for each run: a 32-bit xorshift (Marsaglia 2003, triple 13, 17, 5). */
export class Random {
  #state = 2_463_534_242;

  /** From 0 to `end` - 1; `end` at most 2^31. */
  below(end: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % end;
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}
