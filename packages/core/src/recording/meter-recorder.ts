import {
  type Counter,
  createNoopMeter,
  type Histogram,
  type Meter,
  type Observable,
} from '@opentelemetry/api';
import type { MetricDeclaration } from '../metrics/declaration.js';
import { type Collect, type ObservedMetrics, observedTotals } from './observed-totals.js';
import type { AttributeSet, BoundCounter, BoundHistogram, Recorder } from './recorder.js';

/** Records through the OTel API, with the registry's boundaries as advice. Instruments are made when first needed. */
export interface MeterRecorder extends Recorder {
  /** Sends everything to instruments of another meter from now on, what was bound before included. */
  setMeter(meter: Meter): void;
}

/** An instrument that moves to another meter without those who record to it. */
interface Slot<I> {
  readonly make: (meter: Meter) => I;
  instrument: I;
  /** Attribute sets that were observed so far. */
  readonly observed: Set<AttributeSet>;
}

/** Told of a value that an instrument cannot take and that was left out. */
export type Refuse = (error: RangeError) => void;

export interface MeterRecorderOptions {
  /**
   * Told of values that are not finite, or negative for a counter: a single one would spoil its series for good.
   * Default: nobody is.
   */
  readonly refuse?: Refuse;
  /**
   * Asked for another meter at each measurement for as long as the meter is the API's no-op one, which stands for a
   * provider that is not set yet and never becomes a real one. Default: it stays what it is.
   */
  readonly lateMeter?: () => Meter;
}

const NOOP_METER = createNoopMeter();

export function createMeterRecorder(initialMeter: Meter, options: MeterRecorderOptions = {}): MeterRecorder {
  const { refuse = () => undefined, lateMeter } = options;
  let meter = initialMeter;
  let waiting = lateMeter !== undefined && meter === NOOP_METER;
  const slots = new Map<string, Slot<unknown>>();
  const observers = new Set<Observer>();

  function slot<I>(name: string, make: (meter: Meter) => I): Slot<I> {
    const existing = slots.get(name);
    if (existing !== undefined) return existing as Slot<I>;
    const made = { make, instrument: make(meter), observed: new Set<AttributeSet>() };
    slots.set(name, made);
    return made;
  }

  return {
    histogram(name, metric, attributes): BoundHistogram {
      const bound = slot<Histogram>(name, (on) => on.createHistogram(name, histogramOptions(metric)));
      return {
        record(value) {
          if (waiting) lookForMeter();
          if (Number.isFinite(value)) bound.instrument.record(value, attributes);
          else refuse(new RangeError(`${name}: ${value} cannot be recorded`));
        },
      };
    },

    counter(name, metric, attributes): BoundCounter {
      const bound = slot<Counter>(name, (on) => on.createCounter(name, description(metric)));
      return {
        add(value) {
          if (waiting) lookForMeter();
          if (value >= 0 && value < Number.POSITIVE_INFINITY) bound.instrument.add(value, attributes);
          else refuse(new RangeError(`${name}: ${value} cannot be added`));
        },
      };
    },

    observe(metrics, collect) {
      const observed = Object.entries(metrics).map(
        ([name, metric]) => [name, slot(name, (on) => createObservable(on, name, metric))] as const,
      );
      const observer = new Observer(metrics, collect, new Map(observed));
      observer.attach(meter);
      observers.add(observer);
      return () => {
        observers.delete(observer);
        observer.detach();
      };
    },

    setMeter,
  };

  function lookForMeter(): void {
    if (lateMeter !== undefined) setMeter(lateMeter());
  }

  function setMeter(next: Meter): void {
    if (next === meter) return;
    for (const observer of observers) observer.detach();
    meter = next;
    waiting = lateMeter !== undefined && meter === NOOP_METER;
    for (const moved of slots.values()) moved.instrument = moved.make(meter);
    for (const observer of observers) observer.attach(meter);
  }
}

/** One callback for several metrics, and the meter it is registered with. */
class Observer {
  readonly #metrics: ObservedMetrics;
  readonly #collect: Collect;
  readonly #slots: ReadonlyMap<string, Slot<Observable>>;
  #detach = (): void => undefined;

  constructor(metrics: ObservedMetrics, collect: Collect, slots: ReadonlyMap<string, Slot<Observable>>) {
    this.#metrics = metrics;
    this.#collect = collect;
    this.#slots = slots;
  }

  attach(meter: Meter): void {
    const callback = (result: { observe(o: Observable, value: number, a: AttributeSet): void }): void => {
      for (const [name, series] of this.#totals()) {
        const { instrument, observed } = this.#slots.get(name) as Slot<Observable>;
        for (const [attributes, value] of series) {
          result.observe(instrument, value, attributes);
          observed.add(attributes);
        }
      }
    };
    const all = [...this.#slots.values()].map(({ instrument }) => instrument);
    meter.addBatchObservableCallback(callback, all);
    this.#detach = () => meter.removeBatchObservableCallback(callback, all);
  }

  detach(): void {
    this.#detach();
  }

  /** An SDK also repeats the last value of a set that is no longer observed, which for a sum (of nothing) is 0. */
  #totals() {
    const observed = (name: string) => (this.#slots.get(name) as Slot<Observable>).observed;
    return observedTotals(this.#metrics, observed, [this.#collect]);
  }
}

function description(metric: MetricDeclaration) {
  return { unit: metric.unit, description: metric.description };
}

function histogramOptions(metric: MetricDeclaration) {
  return { ...description(metric), advice: { explicitBucketBoundaries: [...(metric.boundaries ?? [])] } };
}

function createObservable(meter: Meter, name: string, metric: MetricDeclaration): Observable {
  if (metric.instrument === 'observableGauge') return meter.createObservableGauge(name, description(metric));
  if (metric.instrument === 'observableCounter')
    return meter.createObservableCounter(name, description(metric));
  return meter.createObservableUpDownCounter(name, description(metric));
}
