import {
  type AttributeSet,
  type Collect,
  type MetricDeclaration,
  type ObservedMetrics,
  observedTotals,
} from '@kvscope/core';
import { OVERFLOW } from './series.js';

/** The last value of an attribute set that was ever observed. */
export interface ObservedPoint {
  /** When it was first observed. Epoch ms. */
  readonly startTime: number;
  value: number;
  /** The number of the collection that observed it last. */
  collection: number;
}

/** A metric that is asked for when it is collected. */
export interface ObservedMetric {
  readonly name: string;
  readonly declaration: MetricDeclaration;
  /** A set that is observed no more stays with its last value, as the SDK has it. */
  readonly points: Map<AttributeSet, ObservedPoint>;
}

interface Observer {
  readonly metrics: ObservedMetrics;
  readonly collect: Collect;
}

/** Everything that is observed at collections. */
export class Observed {
  readonly metrics = new Map<string, ObservedMetric>();
  readonly #maxSeries: number;
  readonly #observers = new Set<Observer>();
  #collections = 0;

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  /** How often it was collected so far. */
  get collections(): number {
    return this.#collections;
  }

  /** @returns what ends it */
  observe(metrics: ObservedMetrics, collect: Collect): () => void {
    for (const [name, declaration] of Object.entries(metrics)) {
      if (!this.metrics.has(name)) this.metrics.set(name, { name, declaration, points: new Map() });
    }
    const observer = { metrics, collect };
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Asks all observers. */
  collect(now: number): void {
    this.#collections++;
    const observers = [...this.#observers];
    const metrics = Object.assign({}, ...observers.map((observer) => observer.metrics)) as ObservedMetrics;
    const pointsOf = (name: string) => (this.metrics.get(name) as ObservedMetric).points;
    const totals = observedTotals(
      metrics,
      (name) => pointsOf(name).keys(),
      observers.map(({ collect }) => collect),
    );
    for (const [name, values] of totals) {
      for (const [attributes, value] of values) this.#keep(pointsOf(name), attributes, value, now);
    }
  }

  #keep(points: Map<AttributeSet, ObservedPoint>, attributes: AttributeSet, value: number, now: number) {
    const fits = points.has(attributes) || points.size < this.#maxSeries - 1;
    const set = fits ? attributes : OVERFLOW;
    const point = points.get(set) ?? { startTime: now, value, collection: 0 };
    point.value = value;
    point.collection = this.#collections;
    points.set(set, point);
  }
}
