import type { AttributeValue } from '@kvscope/core';
import type { ExplicitValue, ExponentialValue } from './cells/cells.js';

/*
 * The shapes that a metric reader of the OpenTelemetry SDK collects, with the numbers of its enums written out: an
 * application that records through the API alone need not have an SDK for its types.
 * https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/sdk-metrics/src/export/MetricData.ts
 */

export const DELTA = 0;
export const CUMULATIVE = 1;
export type Temporality = typeof DELTA | typeof CUMULATIVE;

export const HISTOGRAM = 0;
export const EXPONENTIAL_HISTOGRAM = 1;
export const GAUGE = 2;
export const SUM = 3;
/** A value that is a float64. */
export const DOUBLE = 1;

/** Seconds and nanoseconds since the epoch. */
export type HrTime = [number, number];

export interface DataPoint<T> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Record<string, AttributeValue>;
  readonly value: T;
}

interface MetricDataOf<K, T> {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    /** The SDK's name of the instrument; not in its types, and read by exporters all the same. */
    readonly type: string;
    readonly valueType: typeof DOUBLE;
  };
  readonly aggregationTemporality: Temporality;
  readonly dataPointType: K;
  readonly dataPoints: DataPoint<T>[];
}

export type MetricData =
  | (MetricDataOf<typeof SUM, number> & { readonly isMonotonic: boolean })
  | MetricDataOf<typeof GAUGE, number>
  | MetricDataOf<typeof HISTOGRAM, ExplicitValue>
  | MetricDataOf<typeof EXPONENTIAL_HISTOGRAM, ExponentialValue>;

/** Says who it is that reports. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

interface EmptyResource {
  readonly attributes: Record<string, never>;
  merge<R>(other: R | null): R;
  getRawAttributes(): never[];
}

export interface CollectionResult {
  readonly resourceMetrics: {
    readonly resource: EmptyResource;
    readonly scopeMetrics: { readonly scope: Scope; readonly metrics: MetricData[] }[];
  };
  readonly errors: unknown[];
}

/** What the option `metricProducers` of a metric reader takes. */
export interface MetricProducer {
  collect(): Promise<CollectionResult>;
}

/** What an exporter wants to be given: deltas, or totals since the start. */
export interface TemporalityPreference {
  selectAggregationTemporality?(instrumentType: string): Temporality;
}

/** A reader keeps the resource of its own SDK. */
export const NO_RESOURCE: EmptyResource = {
  attributes: {},
  merge: <R>(other: R | null) => other as R,
  getRawAttributes: () => [],
};

export function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.floor((epochMs - seconds * 1000) * 1e6)];
}
