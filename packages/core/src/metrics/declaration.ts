import { requireThat } from '../validation.js';

/** When a measurement carries an attribute: `when known` depends on what its source told of itself. */
export type Presence = 'always' | 'on failure' | 'when known';

/** An attribute of a metric, with the values it may take. */
export interface AttributeDeclaration<V extends string = string, P extends Presence = Presence> {
  readonly name: string;
  /** The only values it may take; of an open set the one that stands for all past the limit. */
  readonly values: readonly V[];
  readonly presence: P;
  /** Open sets only: how many distinct values get series of their own; all further ones share `_OTHER`. */
  readonly maxValues?: number;
}

export type InstrumentKind =
  | 'histogram'
  | 'counter'
  | 'observableCounter'
  | 'observableUpDownCounter'
  | 'observableGauge';

/** One metric, declared once: instruments, documentation, dashboards and tests all come from here. */
export interface MetricDeclaration {
  readonly instrument: InstrumentKind;
  /** UCUM: `s`, `By`, `1`, or an annotation such as `{block}`. */
  readonly unit: string;
  /** One sentence a user reads: what a value is and when it is recorded. */
  readonly description: string;
  /** What one observation stands for. */
  readonly grain: string;
  /** The metric's own attributes, at most three; those of the source are added to them. */
  readonly attributes: readonly AttributeDeclaration[];
  /** Histograms only: upper bounds of the buckets, ascending. */
  readonly boundaries?: readonly number[];
}

export type MetricSet = Readonly<Record<string, MetricDeclaration>>;

/** The metrics that one subscriber records. */
export interface MetricFamily<M extends MetricSet = MetricSet> {
  readonly subscriber: string;
  readonly metrics: M;
}

type ValuesOf<A extends readonly AttributeDeclaration[]> = {
  readonly [I in keyof A]: A[I] extends AttributeDeclaration<infer V, infer P>
    ? V | (P extends 'always' ? never : undefined)
    : never;
};

/** The values a series of `D` is found by, in the order of its declared attributes; undefined where one is absent. */
export type AttributeValues<D extends MetricDeclaration> = ValuesOf<D['attributes']>;

/** The names in `M` whose instrument is `K`. */
export type NamesOf<M extends MetricSet, K extends InstrumentKind> = {
  [N in keyof M]: M[N]['instrument'] extends K ? N : never;
}[keyof M] &
  string;

const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
export const MAX_METRIC_ATTRIBUTES = 3;

export const OTHER_VALUE = '_OTHER';

/** An attribute with a closed set of values; always there unless `presence` says otherwise. */
export function attribute<const V extends string>(
  name: string,
  values: readonly V[],
): AttributeDeclaration<V, 'always'>;
export function attribute<const V extends string, P extends Presence>(
  name: string,
  values: readonly V[],
  presence: P,
): AttributeDeclaration<V, P>;
export function attribute(
  name: string,
  values: readonly string[],
  presence: Presence = 'always',
): AttributeDeclaration {
  return Object.freeze({ name, values, presence });
}

/** An attribute whose values nobody can list beforehand: the first `maxValues` count, the rest are `_OTHER`. */
export function openAttribute(name: string, maxValues: number): AttributeDeclaration<string, 'when known'> {
  return Object.freeze({ name, values: [OTHER_VALUE], presence: 'when known', maxValues });
}

/**
 * Declares the metrics of a subscriber.
 * @throws RangeError for a name that is not dotted snake_case, boundaries that are not finite, do not ascend or
 * stand on anything but a histogram, or more than three attributes
 */
export function defineMetrics<const M extends MetricSet>(subscriber: string, metrics: M): MetricFamily<M> {
  for (const [name, metric] of Object.entries<MetricDeclaration>(metrics)) {
    requireThat(NAME.test(name), 'metric name', name, 'dotted snake_case, such as my_cache.block.age');
    requireThat(
      metric.attributes.length <= MAX_METRIC_ATTRIBUTES,
      `${name}: attributes`,
      metric.attributes.length,
      `at most ${MAX_METRIC_ATTRIBUTES}`,
    );
    const { boundaries } = metric;
    requireThat(
      (metric.instrument === 'histogram') === (boundaries !== undefined),
      `${name}: boundaries`,
      boundaries,
      'a list on a histogram, nothing on any other instrument',
    );
    requireThat(
      boundaries?.every((bound, i) => Number.isFinite(bound) && bound > (boundaries[i - 1] ?? -Infinity)) ??
        true,
      `${name}: boundaries`,
      boundaries?.join(' '),
      'finite numbers, ascending',
    );
  }
  return Object.freeze({ subscriber, metrics: Object.freeze(metrics) });
}
