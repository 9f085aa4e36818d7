import { type BoundCounter, requireThat } from '@kvscope/core';
import type { Cells, PointValue, RefuseValue } from './cells.js';

/** Adding anything, 0 included, makes it another number: that is how a counter that was touched is told. */
const UNTOUCHED = -0;

/** A sum that only grows. */
export class SumCells implements Cells, BoundCounter {
  #sum = UNTOUCHED;
  readonly #refuse: RefuseValue;

  constructor(refuse: RefuseValue) {
    this.#refuse = refuse;
  }

  add(amount: number): void {
    if (amount >= 0 && amount < Number.POSITIVE_INFINITY) this.#sum += amount;
    else this.#refuse(amount);
  }

  get empty(): boolean {
    return Object.is(this.#sum, UNTOUCHED);
  }

  take(other: this): void {
    this.#sum += other.#sum;
  }

  clear(): void {
    this.#sum = UNTOUCHED;
  }

  merge(value: PointValue): void {
    requireThat(typeof value === 'number', 'forwarded counter', value, 'a number');
    this.add(value);
  }

  value(): number {
    return this.#sum;
  }
}
