import type { MetricDeclaration } from '../metrics/declaration.js';
import type { AttributeValue } from '../source.js';

/** A frozen attribute set; equal sets are the same object, so that identity finds a series. */
export type AttributeSet = Readonly<Record<string, AttributeValue>>;

export interface BoundHistogram {
  record(value: number): void;
}

export interface BoundCounter {
  add(value: number): void;
}

/** Reports one value of an observed metric while metrics are collected. */
export type Report = (name: string, value: number, attributes: AttributeSet) => void;

/**
 * The way measurements are recorded. Subscribers see only what it binds, so that it can be replaced without
 * touching one.
 */
export interface Recorder {
  histogram(name: string, metric: MetricDeclaration, attributes: AttributeSet): BoundHistogram;
  counter(name: string, metric: MetricDeclaration, attributes: AttributeSet): BoundCounter;
  /** Calls `collect` at each collection until the returned function is called. */
  observe(
    metrics: Readonly<Record<string, MetricDeclaration>>,
    collect: (report: Report) => void,
  ): () => void;
}
