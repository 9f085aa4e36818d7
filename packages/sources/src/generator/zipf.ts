import type { Random } from './random.js';

/** Ranks from 0 whose popularity falls with rank: rank r is drawn in proportion to 1 / (r + 1)^exponent. */
export class Zipf {
  /** Sums of the weights up to and with each rank. */
  readonly #cumulative: Float64Array;

  /** @param ranks how many, 1 or more @param exponent 0 makes them equally popular */
  constructor(ranks: number, exponent: number) {
    let sum = 0;
    this.#cumulative = Float64Array.from({ length: ranks }, (_, rank) => {
      sum += (rank + 1) ** -exponent;
      return sum;
    });
  }

  draw(random: Random): number {
    const last = this.#cumulative.length - 1;
    const drawn = random.uniform() * (this.#cumulative[last] as number);
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] as number) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
