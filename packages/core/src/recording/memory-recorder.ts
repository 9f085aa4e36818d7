import type { MetricDeclaration } from '../metrics/declaration.js';
import type { AttributeSet, Recorder, Report } from './recorder.js';

interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly attributes: AttributeSet;
}

/** Attribute values that a measurement must have to be counted in. */
type Where = Readonly<Record<string, string>>;

/** Keeps every single measurement, so that a test can compare values and their order, not only buckets. */
export class MemoryRecorder implements Recorder {
  readonly #measurements: Measurement[] = [];
  readonly #collectors = new Set<(report: Report) => void>();
  /** Names of the metrics that something was bound or observed for, with their declarations. */
  readonly declared = new Map<string, MetricDeclaration>();

  readonly histogram: Recorder['histogram'] = (name, metric, attributes) => {
    this.declared.set(name, metric);
    return { record: (value) => void this.#measurements.push({ name, value, attributes }) };
  };

  readonly counter: Recorder['counter'] = (name, metric, attributes) => {
    this.declared.set(name, metric);
    return { add: (value) => void this.#measurements.push({ name, value, attributes }) };
  };

  readonly observe: Recorder['observe'] = (metrics, collect) => {
    for (const [name, metric] of Object.entries(metrics)) this.declared.set(name, metric);
    this.#collectors.add(collect);
    return () => void this.#collectors.delete(collect);
  };

  /** Callbacks that would run at a collection. */
  get callbacks(): number {
    return this.#collectors.size;
  }

  /** All measurements so far. */
  get measurements(): readonly Measurement[] {
    return this.#measurements;
  }

  /** What was recorded under a name, in order. */
  values(name: string, where: Where = {}): number[] {
    return matching(this.#measurements, name, where).map(({ value }) => value);
  }

  /** What was added under a name. */
  sum(name: string, where: Where = {}): number {
    return this.values(name, where).reduce((sum, value) => sum + value, 0);
  }

  /** Collects, and gives what was observed under a name. */
  observed(name: string, where: Where = {}): number[] {
    const observations: Measurement[] = [];
    for (const collect of this.#collectors) {
      collect((observed, value, attributes) => observations.push({ name: observed, value, attributes }));
    }
    return matching(observations, name, where).map(({ value }) => value);
  }
}

function matching(measurements: readonly Measurement[], name: string, where: Where): Measurement[] {
  const wanted = Object.entries(where);
  return measurements.filter(
    (found) => found.name === name && wanted.every(([key, value]) => found.attributes[key] === value),
  );
}
