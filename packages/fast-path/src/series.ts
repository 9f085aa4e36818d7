import type { AttributeSet, MetricDeclaration } from '@kvscope/core';
import type { Cells } from './cells/cells.js';

/** Where one attribute set of a metric is recorded. */
export interface Series {
  readonly attributes: AttributeSet;
  /** When it was bound. Epoch ms. */
  readonly startTime: number;
  /** What came since the last fold. */
  readonly recent: Cells;
  /** What came before it. */
  readonly folded: Cells;
}

/** What stands for all attribute sets past the limit, as in the SDK. */
export const OVERFLOW: AttributeSet = Object.freeze({ 'otel.metric.overflow': true });

/** A metric that is recorded into, with its series: a bounded number of them, then one for all others. */
export class Metric {
  readonly name: string;
  readonly declaration: MetricDeclaration;
  readonly series = new Map<AttributeSet, Series>();
  readonly #maxSeries: number;
  readonly #makeCells: () => Cells;

  constructor(name: string, declaration: MetricDeclaration, maxSeries: number, makeCells: () => Cells) {
    this.name = name;
    this.declaration = declaration;
    this.#maxSeries = maxSeries;
    this.#makeCells = makeCells;
  }

  /** The series of an attribute set, found by the set's identity. */
  at(attributes: AttributeSet, now: number): Series {
    const known = this.series.get(attributes);
    if (known !== undefined) return known;
    if (this.series.size >= this.#maxSeries - 1 && attributes !== OVERFLOW) return this.at(OVERFLOW, now);
    const made = { attributes, startTime: now, recent: this.#makeCells(), folded: this.#makeCells() };
    this.series.set(attributes, made);
    return made;
  }

  makeCells(): Cells {
    return this.#makeCells();
  }
}
