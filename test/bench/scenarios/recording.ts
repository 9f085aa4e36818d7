import { createMeterRecorder, lifecycleMetrics } from '@kvscope/core';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { compare } from '../comparison.js';

const RECORDS = 10_000;

class SilentReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const NAME = 'kv_cache.block.lifetime';
const metric = lifecycleMetrics.metrics[NAME];
const attributes = Object.freeze({ 'kv_cache.tier': 'l1', 'kv_cache.eviction.reason': 'capacity' });
const meter = () => new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench');
const bound = createMeterRecorder(meter()).histogram(NAME, metric, attributes);
const bare = meter().createHistogram(NAME, { advice: { explicitBucketBoundaries: [...metric.boundaries] } });
/** Log-uniform from 1 ms to 3,600 s. */
const values = Array.from({ length: RECORDS }, (_, i) => 0.001 * 3.6e6 ** (((i * 7919) % RECORDS) / RECORDS));

const { median } = compare({
  what: 'warm-up',
  peerName: '',
  budget: 0,
  perCall: RECORDS,
  ours: () => values.forEach((value) => void bare.record(value, attributes)),
  peer: () => undefined,
}).ours;
console.log(
  JSON.stringify([
    compare({
      what: 'one recorded measurement, 2 attributes, SDK path',
      peerName: 'bare OTel record',
      // At most a tenth over the bare record, as it was a moment ago.
      budget: Math.round(median * 1.1),
      perCall: RECORDS,
      ours: () => {
        for (const value of values) bound.record(value);
      },
      peer: () => {
        for (const value of values) bare.record(value, attributes);
      },
    }),
  ]),
);
