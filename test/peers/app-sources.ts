import { pageCode } from './page-code.ts';

/** The code that owns the cache: `blocksStored`, as the README of core has it. */
export const PRODUCER = pageCode('packages/core/README.md').files['producer.ts'] as string;

const PRINT_METRICS = `
for (const { scope, metrics } of exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)) {
  for (const { descriptor, dataPoints } of metrics) {
    console.log(JSON.stringify({ scope, descriptor, dataPoints }));
  }
}`;

/** Registers with a meter provider, publishes three blocks and prints the metrics. */
export const REGISTERED = `
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { blocksStored } from './producer.js';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meterProvider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
registerInstrumentations({
  instrumentations: [new KvCacheInstrumentation({ sampleRate: 1, lifecycle: { evictReuseWindow: 60 } })],
  meterProvider,
});

async function main(): Promise<void> {
  blocksStored([1n, 2n, 3n]);
  await meterProvider.shutdown();${PRINT_METRICS.replaceAll('\n', '\n  ')}
}

void main();
`;

/** The same with a NodeSDK. */
export const NODE_SDK = `
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { blocksStored } from './producer.js';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const sdk = new NodeSDK({
  metricReaders: [new PeriodicExportingMetricReader({ exporter })],
  instrumentations: [new KvCacheInstrumentation({ sampleRate: 1 })],
});
sdk.start();

async function main(): Promise<void> {
  blocksStored([1n, 2n, 3n]);
  await sdk.shutdown();${PRINT_METRICS.replaceAll('\n', '\n  ')}
}

void main();
`;

/** The same on the fast path. */
export const FAST = REGISTERED.replace(
  /const meterProvider[\s\S]*?meterProvider,\n\}\);/,
  `const kvCache = new KvCacheInstrumentation({ aggregation: 'fast', sampleRate: 1, lifecycle: { evictReuseWindow: 60 } });
const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [kvCache.metricProducerFor(exporter)] });
const meterProvider = new MeterProvider({ readers: [reader] });
registerInstrumentations({ instrumentations: [kvCache], meterProvider });`,
);

/** Publishes three blocks. */
export const PRODUCER_ONLY = `
import { blocksStored } from './producer.js';

blocksStored([1n, 2n, 3n]);
`;

/** The application of the README. */
export const README_APP = pageCode('README.md').files['app.ts'] as string;

/** To be preloaded: prints what is served at METRICS_URL when there is nothing else left to do. */
export const PRINT_SERVED = `
import { get } from 'node:http';

process.once('beforeExit', () => {
  // A connection that is kept open would keep the process up.
  get(process.env.METRICS_URL, { agent: false }, (response) => response.pipe(process.stdout));
});
`;

/** To be preloaded: an SDK of the application's own, which prints whether it traces. */
export const OWN_SDK = `
import { trace } from '@opentelemetry/api';
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({
  metricReaders: [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })],
});
sdk.start();
const traced = trace.getTracer('application').startSpan('request').isRecording();
console.log('the application is ' + (traced ? 'traced' : 'not traced'));
process.once('beforeExit', () => sdk.shutdown());
`;
