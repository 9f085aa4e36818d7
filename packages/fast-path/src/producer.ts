import type { InstrumentKind } from '@kvscope/core';
import type { ExplicitValue, ExponentialValue } from './cells/cells.js';
import type { FastRecorder } from './fast-recorder.js';
import {
  type CollectionResult,
  CUMULATIVE,
  DELTA,
  DOUBLE,
  EXPONENTIAL_HISTOGRAM,
  GAUGE,
  HISTOGRAM,
  hrTime,
  type MetricData,
  type MetricProducer,
  NO_RESOURCE,
  type Scope,
  SUM,
  type TemporalityPreference,
} from './metric-data.js';
import { Reader, type Taken } from './taken.js';

/** The SDK's names of instruments. */
const INSTRUMENT_TYPES: Readonly<Record<InstrumentKind, string>> = {
  histogram: 'HISTOGRAM',
  counter: 'COUNTER',
  observableCounter: 'OBSERVABLE_COUNTER',
  observableUpDownCounter: 'OBSERVABLE_UP_DOWN_COUNTER',
  observableGauge: 'OBSERVABLE_GAUGE',
};

/**
 * Hands what a recorder has gathered to a metric reader. Only where each metric is cumulative may several readers share
 * one: a delta is over once it is read.
 * @param preference the reader's exporter; default: everything cumulative, which is what Prometheus scrapes
 */
export function createMetricProducer(
  recorder: FastRecorder,
  scope: Scope,
  preference: TemporalityPreference = {},
): MetricProducer {
  const wanted = (kind: InstrumentKind) =>
    preference.selectAggregationTemporality?.(INSTRUMENT_TYPES[kind]) ?? CUMULATIVE;
  const reader = new Reader(recorder, ({ instrument }) => wanted(instrument) === DELTA);
  return {
    async collect(): Promise<CollectionResult> {
      const errors: unknown[] = [];
      const metrics: MetricData[] = [];
      try {
        const taken = reader.take();
        const endTime = recorder.now();
        metrics.push(...taken.map((each) => metricData(each, endTime)));
      } catch (error) {
        // A reader reports errors; one that is thrown would keep from it what the SDK collected.
        errors.push(error);
      }
      const scopeMetrics = metrics.length > 0 ? [{ scope, metrics }] : [];
      return { resourceMetrics: { resource: NO_RESOURCE, scopeMetrics }, errors };
    },
  };
}

function metricData({ name, declaration, delta, points }: Taken, endMs: number): MetricData {
  const { description, unit, instrument } = declaration;
  const endTime = hrTime(endMs);
  const data = {
    descriptor: { name, description, unit, type: INSTRUMENT_TYPES[instrument], valueType: DOUBLE },
    aggregationTemporality: delta ? DELTA : CUMULATIVE,
  } as const;
  const dataPoints = points.map(({ attributes, startTime, value }) => {
    return { startTime: hrTime(startTime), endTime, attributes, value };
  });
  const values = dataPoints as never;
  if (instrument === 'observableGauge') return { ...data, dataPointType: GAUGE, dataPoints: values };
  if (instrument !== 'histogram') {
    const isMonotonic = instrument !== 'observableUpDownCounter';
    return { ...data, dataPointType: SUM, isMonotonic, dataPoints: values };
  }
  const [first] = points as readonly { readonly value: ExplicitValue | ExponentialValue }[];
  return first !== undefined && 'buckets' in first.value
    ? { ...data, dataPointType: HISTOGRAM, dataPoints: values }
    : { ...data, dataPointType: EXPONENTIAL_HISTOGRAM, dataPoints: values };
}
