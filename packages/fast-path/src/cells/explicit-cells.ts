import { type BoundHistogram, requireThat } from '@kvscope/core';
import { type BucketTable, SLOT_SHIFT } from '../bucket-table.js';
import { float, HIGH, words } from '../float-words.js';
import type { Cells, ExplicitValue, PointValue, RefuseValue } from './cells.js';

const SUM = 0;
const MIN = 1;
const MAX = 2;
/** Where the buckets begin. */
const BUCKETS = 3;

/** A histogram with explicit boundaries, each an upper bound that belongs to its bucket. */
export class ExplicitCells implements Cells, BoundHistogram {
  readonly #boundaries: number[];
  readonly #starts: Uint8Array;
  readonly #bounds: Float64Array;
  /** Sum, least and greatest value, then the buckets: one array, so that a record touches few cache lines. */
  readonly #cells: Float64Array;
  readonly #refuse: RefuseValue;

  constructor({ boundaries, starts, bounds }: BucketTable, refuse: RefuseValue) {
    this.#boundaries = [...boundaries];
    this.#starts = starts;
    this.#bounds = bounds;
    this.#cells = new Float64Array(BUCKETS + bounds.length);
    this.#refuse = refuse;
    this.clear();
  }

  record(value: number): void {
    // Not a number minus itself is not 0 either.
    if (value - value !== 0) {
      this.#refuse(value);
      return;
    }
    const bounds = this.#bounds;
    float[0] = value;
    let bucket = value > 0 ? (this.#starts[(words[HIGH] as number) >>> SLOT_SHIFT] as number) : 0;
    while (value > (bounds[bucket] as number)) bucket++;
    const cells = this.#cells;
    (cells[BUCKETS + bucket] as number)++;
    (cells[SUM] as number) += value;
    if (value < (cells[MIN] as number)) cells[MIN] = value;
    if (value > (cells[MAX] as number)) cells[MAX] = value;
  }

  get empty(): boolean {
    return this.#cells[MAX] === Number.NEGATIVE_INFINITY;
  }

  take(other: this): void {
    const [cells, taken] = [this.#cells, other.#cells];
    cells[SUM] = (cells[SUM] as number) + (taken[SUM] as number);
    cells[MIN] = Math.min(cells[MIN] as number, taken[MIN] as number);
    cells[MAX] = Math.max(cells[MAX] as number, taken[MAX] as number);
    for (let i = BUCKETS; i < cells.length; i++) cells[i] = (cells[i] as number) + (taken[i] as number);
  }

  clear(): void {
    this.#cells.fill(0);
    this.#cells[MIN] = Number.POSITIVE_INFINITY;
    this.#cells[MAX] = Number.NEGATIVE_INFINITY;
  }

  merge(value: PointValue): void {
    const same = typeof value !== 'number' && 'buckets' in value;
    requireThat(same, 'forwarded histogram', value, 'one with explicit boundaries');
    const { counts, boundaries } = value.buckets;
    const agree = boundaries.length === this.#boundaries.length;
    requireThat(
      agree && boundaries.every((bound, i) => bound === this.#boundaries[i]),
      'boundaries of a forwarded histogram',
      boundaries.join(' '),
      `those of this one: ${this.#boundaries.join(' ')}`,
    );
    const cells = this.#cells;
    cells[SUM] = (cells[SUM] as number) + value.sum;
    cells[MIN] = Math.min(cells[MIN] as number, value.min);
    cells[MAX] = Math.max(cells[MAX] as number, value.max);
    counts.forEach((count, i) => {
      cells[BUCKETS + i] = (cells[BUCKETS + i] as number) + count;
    });
  }

  value(): ExplicitValue {
    const [sum, min, max, ...counts] = this.#cells as unknown as [number, number, number, ...number[]];
    const count = counts.reduce((all, n) => all + n, 0);
    return { count, sum, min, max, buckets: { boundaries: this.#boundaries, counts } };
  }
}
