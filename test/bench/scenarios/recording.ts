import { createMeterRecorder, lifecycleMetrics } from '@kvscope/core';
import { FastRecorder, type HistogramKind } from '@kvscope/fast-path';
import { Histogram as PromHistogram } from 'prom-client';
import { type Candidates, compare } from '../comparison.js';
import { silentMeter } from '../silent-meter.js';
import { measure } from './shapes.js';

const RECORDS = 65_536;
const NAME = 'kv_cache.block.lifetime';
const metric = lifecycleMetrics.metrics[NAME];
const attributes = { 'kv_cache.tier': 'l1', 'kv_cache.eviction.reason': 'capacity' };

/** Log-uniform over the boundaries and a little beyond, random and not repeating. */
const values = Float64Array.from({ length: RECORDS }, () => 5e-4 * 1e7 ** Math.random());
let sink = 0;
const readOnly = (): void => {
  for (let i = 0; i < RECORDS; i++) sink += values[i] as number;
};

function bareOtel(): () => void {
  const advice = { explicitBucketBoundaries: [...metric.boundaries] };
  const histogram = silentMeter().createHistogram(NAME, { advice });
  return () => {
    for (let i = 0; i < RECORDS; i++) histogram.record(values[i] as number, attributes);
  };
}

function promClient(): () => void {
  const labels = { tier: 'l1', reason: 'capacity' };
  const histogram = new PromHistogram({
    name: 'block_lifetime',
    help: 'As ours.',
    labelNames: ['tier', 'reason'],
    buckets: [...metric.boundaries],
    registers: [],
  });
  return () => {
    for (let i = 0; i < RECORDS; i++) histogram.observe(labels, values[i] as number);
  };
}

/** Series of `series` sources take turns: what a bound series costs must not depend on how many there are. */
function fast(histograms: HistogramKind, series: number): () => void {
  const recorder = new FastRecorder({ histograms });
  const bound = Array.from({ length: series }, (_, i) =>
    recorder.histogram(NAME, metric, Object.freeze({ ...attributes, 'cache.name': String(i) })),
  );
  return () => {
    for (let i = 0; i < RECORDS; i++) bound[i % series]?.record(values[i] as number);
  };
}

function sdk(): () => void {
  const bound = createMeterRecorder(silentMeter()).histogram(NAME, metric, Object.freeze(attributes));
  return () => {
    for (let i = 0; i < RECORDS; i++) bound.record(values[i] as number);
  };
}

const BARE_OTEL_THEN = [900, 1500] as const;
const what = (how: string) =>
  `one recorded measurement, 2 attributes, ${metric.boundaries.length} boundaries, ${how}`;
const measured = (candidates: Omit<Candidates, 'perCall'>) => compare({ ...candidates, perCall: RECORDS });
await measure<'recording'>({
  sdk: () =>
    measured({
      what: what('SDK path'),
      peerName: 'bare OTel record',
      peerThen: BARE_OTEL_THEN,
      ratio: 1.1,
      ours: sdk(),
      peer: bareOtel(),
    }),
  otel: () =>
    measured({
      what: what('fast path'),
      peerName: 'bare OTel record',
      peerThen: BARE_OTEL_THEN,
      budget: 12,
      ratio: 1 / 80,
      ours: fast('explicit', 1),
      peer: bareOtel(),
      empty: readOnly,
    }),
  'prom-client': () =>
    measured({
      what: what('fast path'),
      peerName: 'prom-client',
      peerThen: [450, 515],
      budget: 12,
      ratio: 1 / 30,
      ours: fast('explicit', 1),
      peer: promClient(),
      empty: readOnly,
    }),
  '10 series': () =>
    measured({
      what: what('fast path'),
      scale: '10x: series in turn',
      peerName: 'bare OTel record',
      peerThen: BARE_OTEL_THEN,
      budget: 12,
      ours: fast('explicit', 10),
      peer: bareOtel(),
      empty: readOnly,
    }),
  '100 series': () =>
    measured({
      what: what('fast path'),
      scale: '100x: series in turn',
      peerName: 'bare OTel record',
      peerThen: BARE_OTEL_THEN,
      budget: 12,
      ours: fast('explicit', 100),
      peer: bareOtel(),
      empty: readOnly,
    }),
  exponential: () =>
    measured({
      what: what('fast path, exponential'),
      peerName: 'bare OTel record',
      peerThen: BARE_OTEL_THEN,
      ours: fast('exponential', 1),
      peer: bareOtel(),
      empty: readOnly,
    }),
});
if (sink < 0) throw new Error('unreachable');
