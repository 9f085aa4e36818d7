import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { createMetricProducer } from '../src/index.ts';
import { COUNTER, GAUGE, GROWING, HELD, HISTOGRAM, NONE, producing, recorderAt, valuesOf } from './setup.ts';

const delta = { selectAggregationTemporality: () => 0 as const };
const at = (ms: number) => [Math.floor(ms / 1000), (ms % 1000) * 1e6];

describe('start and end times', () => {
  it('run from the binding to now when cumulative, from the last reading when delta', async () => {
    const { recorder, pass } = recorderAt(10_250);
    const [total, change] = [producing(recorder), producing(recorder, delta)];
    const counter = recorder.counter('c', COUNTER, NONE);
    const times = async (read: () => Promise<Record<string, unknown>>) =>
      valuesOfTimes((await read()).c as never);
    pass(1000);
    counter.add(1);
    expect(await times(total)).toEqual([[at(10_250), at(11_250)]]);
    expect(await times(change)).toEqual([[at(10_250), at(11_250)]]);
    pass(500);
    counter.add(1);
    pass(500);
    expect(await times(total)).toEqual([[at(10_250), at(12_250)]]);
    expect(await times(change)).toEqual([[at(11_250), at(12_250)]]);
  });
});

function valuesOfTimes(metric: { dataPoints: { startTime: unknown; endTime: unknown }[] }) {
  return metric.dataPoints.map(({ startTime, endTime }) => [startTime, endTime]);
}

it('has in a collection what its questions made others record', async () => {
  const { recorder } = recorderAt(0);
  const counter = recorder.counter('c', COUNTER, NONE);
  const [total, change] = [producing(recorder), producing(recorder, delta)];
  recorder.observe({ g: GAUGE }, (report) => {
    counter.add(2);
    report('g', 7, NONE);
  });
  const read = async (reader: typeof total) => Object.values(await reader()).map(valuesOf);
  expect(await read(total)).toEqual([{ '{}': 2 }, { '{}': 7 }]);
  expect(await read(change)).toEqual([{ '{}': 4 }, { '{}': 7 }]);
  expect(await read(total)).toEqual([{ '{}': 6 }, { '{}': 7 }]);
});

it('gives every reader of deltas each measurement once, whatever others read in between', async () => {
  const { recorder } = recorderAt(0);
  const counter = recorder.counter('c', COUNTER, NONE);
  const histogram = recorder.histogram('h', HISTOGRAM, NONE);
  counter.add(100);
  const [often, rarely, total] = [
    producing(recorder, delta),
    producing(recorder, delta),
    producing(recorder),
  ];
  const sums = { often: 0, rarely: 0 };
  for (let i = 1; i <= 12; i++) {
    counter.add(i);
    histogram.record(i);
    sums.often += Object.values(valuesOf((await often()).c))[0] as number;
    if (i % 5 === 0) sums.rarely += Object.values(valuesOf((await rarely()).c))[0] as number;
  }
  // 1 to 12 and 1 to 10, each with the 100 that were there before it came.
  expect(sums).toEqual({ often: 178, rarely: 155 });
  expect(valuesOf((await rarely()).h)).toEqual({
    '{}': { count: 2, sum: 23, min: 11, max: 12, buckets: { boundaries: [1, 10], counts: [0, 0, 2] } },
  });
  expect(await rarely()).toEqual({});
  expect(valuesOf((await total()).c)).toEqual({ '{}': 178 });
});

it('a counter that grew by 0 is there, one that was only bound is not', async () => {
  const { recorder } = recorderAt(0);
  recorder.counter('touched', COUNTER, NONE).add(0);
  recorder.counter('bound', COUNTER, NONE);
  recorder.histogram('empty', HISTOGRAM, NONE);
  const metrics = await producing(recorder)();
  expect(Object.keys(metrics)).toEqual(['touched']);
  expect(valuesOf(metrics.touched)).toEqual({ '{}': 0 });
});

it('observers are asked at each reading; sums add up, and are 0 when nothing is left', async () => {
  const { recorder } = recorderAt(0);
  const metrics = { grown: GROWING, held: HELD, gauge: GAUGE };
  let n = 1;
  const observe = () =>
    recorder.observe(metrics, (report) => {
      report('grown', 10 * n, NONE);
      if (n < 3) report('held', n, NONE);
      report('gauge', n, NONE);
    });
  const stops = [observe(), observe()];
  const [total, change] = [producing(recorder), producing(recorder, delta)];
  const read = async (from: typeof total) => {
    const { grown, held, gauge } = await from();
    return [grown, held, gauge].map((metric) => valuesOf(metric)['{}']);
  };
  expect([await read(total), await read(change)]).toEqual([
    [20, 2, 1],
    [20, 2, 1],
  ]);
  n = 3;
  expect([await read(total), await read(change)]).toEqual([
    [60, 0, 3],
    [40, -2, 3],
  ]);
  for (const stop of stops) stop();
  // As with an SDK, what was is exported on, and is no change.
  expect([await read(total), await read(change)]).toEqual([
    [60, 0, 3],
    [undefined, undefined, undefined],
  ]);
});

it('what fails is an error of the collection, not of the application', async () => {
  const { recorder } = recorderAt(0);
  recorder.observe({ gauge: GAUGE }, () => {
    throw new Error('no');
  });
  const { resourceMetrics, errors } = await createMetricProducer(recorder, {
    name: 't',
    version: '1',
  }).collect();
  expect([resourceMetrics.scopeMetrics, String(errors)]).toEqual([[], 'Error: no']);
});

it('series past the limit share one that says so', async () => {
  const { recorder } = recorderAt(0, { maxSeries: 3 });
  for (let i = 0; i < 6; i++) recorder.counter('c', COUNTER, Object.freeze({ i })).add(10 ** i);
  recorder.observe({ gauge: GAUGE }, (report) => {
    for (let i = 0; i < 6; i++) report('gauge', i, Object.freeze({ i }));
  });
  const { c, gauge } = await producing(recorder)();
  expect(valuesOf(c)).toEqual({ '{"i":0}': 1, '{"i":1}': 10, '{"otel.metric.overflow":true}': 111_100 });
  expect(valuesOf(gauge)).toEqual({ '{"i":0}': 0, '{"i":1}': 1, '{"otel.metric.overflow":true}': 5 });
  expect(() => recorderAt(0, { maxSeries: 1 })).toThrow('maxSeries is 1; allowed: a number from 2 to 100000');
});

it('tells of values that it left out', () => {
  const refused: string[] = [];
  const { recorder } = recorderAt(0, { refuse: ({ message }) => refused.push(message) });
  recorder.counter('c', COUNTER, NONE).add(-1);
  recorder.histogram('h', HISTOGRAM, NONE).record(Number.NaN);
  expect(refused).toEqual(['c: -1 cannot be recorded', 'h: NaN cannot be recorded']);
});

it("is what the SDK's own readers take, in types and at run time", async () => {
  const { recorder } = recorderAt(1000);
  recorder.counter('c', COUNTER, NONE).add(3);
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const producer = createMetricProducer(recorder, { name: 'test', version: '1' }, exporter);
  const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
  const prometheus = new PrometheusExporter({ preventServerStart: true, metricProducers: [producer] });
  const provider = new MeterProvider({ readers: [reader, prometheus] });
  await provider.forceFlush();
  const [scope] = exporter.getMetrics()[0]?.scopeMetrics ?? [];
  expect([scope?.scope, scope?.metrics[0]?.descriptor.name]).toEqual([{ name: 'test', version: '1' }, 'c']);
  await provider.shutdown();
});
