import { EventEmitter } from 'node:events';
import { type AttributeSet, attributeSetsOf, type MetricDeclaration } from '@kvscope/core';
import { createMetricProducer, FastRecorder, type FastRecorderOptions } from '../src/index.ts';
import type { MetricData } from '../src/metric-data.ts';

const described = { unit: '1', description: 'For a test.', grain: 'test', attributes: [] } as const;
export const COUNTER: MetricDeclaration = { ...described, instrument: 'counter' };
export const GROWING: MetricDeclaration = { ...described, instrument: 'observableCounter' };
export const HELD: MetricDeclaration = { ...described, instrument: 'observableUpDownCounter' };
export const GAUGE: MetricDeclaration = { ...described, instrument: 'observableGauge' };
export const HISTOGRAM: MetricDeclaration = { ...described, instrument: 'histogram', boundaries: [1, 10] };

/** For a recorder that is alone. */
export const NONE: AttributeSet = Object.freeze({});

/** A recorder whose clock stands still until it is moved on, in ms. */
export function recorderAt(start: number, options: FastRecorderOptions = {}) {
  let time = start;
  const recorder = new FastRecorder({ now: () => time, ...options });
  const pass = (ms: number): void => {
    time += ms;
  };
  return { recorder, pass };
}

/** No attributes, as all who record with `recorder` have them. */
export function noneOf(recorder: FastRecorder): AttributeSet {
  return attributeSetsOf(recorder).adopt({});
}

/** What a reader with `preference` would export, by metric name. */
export function producing(recorder: FastRecorder, preference = {}) {
  const producer = createMetricProducer(recorder, { name: 'test', version: '1' }, preference);
  return async (): Promise<Record<string, MetricData>> => {
    const { resourceMetrics, errors } = await producer.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return Object.fromEntries(metrics.map((metric) => [metric.descriptor.name, metric]));
  };
}

/** Values by attribute set, as JSON. */
export function valuesOf(metric: MetricData | undefined): Record<string, unknown> {
  const points = metric?.dataPoints ?? [];
  return Object.fromEntries(points.map(({ attributes, value }) => [JSON.stringify(attributes), value]));
}

/** Two ends of a channel; what is posted on one arrives at the other as a copy, at once. */
export function channel() {
  class End extends EventEmitter {
    other: End | undefined;
    sent: unknown[] = [];
    postMessage(message: unknown): void {
      this.sent.push(message);
      this.other?.emit('message', structuredClone(message));
    }
  }
  const [worker, main] = [new End(), new End()];
  worker.other = main;
  return { worker, main };
}
