/*
 * The fast path in an application that changes its mind: a mix of all events, subscribers switched at random about each
 * second, a Prometheus scrape and an OTLP export (deltas) each second. Run by hand:
 *
 *   npm run build && node test/dist/bench/endurance.js [SECONDS, default 600]
 *
 * Exit code 1 when a counter falls, a value is not a number, a series is there twice, or a subscriber that was on has
 * counted anything but what was published while it was; the sum of all deltas is asked the same.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSource, type EventName, getBus } from '@kvscope/core';
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { createOtlpReader, servePrometheus } from '@kvscope/register/exporters';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BlockChurn } from './churn/blocks.js';
import { LayerChurn } from './churn/layers.js';
import { MovementChurn } from './churn/movement.js';
import { Random } from './churn/random.js';
import { RequestChurn } from './churn/requests.js';

const seconds = Number(process.argv[2] ?? 600);
const EVENTS_A_TURN = 2000;
const TURN_MS = 50;
const SUBSCRIBERS = ['lifecycle', 'shards', 'transfer', 'layerwise', 'reuse'] as const;
type Name = (typeof SUBSCRIBERS)[number];

/** Metrics that grow by one with each event of a type, and whose they are. */
const ACCOUNTS: readonly (readonly [metric: string, event: EventName, by: Name])[] = [
  ['kv_cache.tasks', 'task.finished', 'shards'],
  ['kv_cache.task.duration', 'task.finished', 'transfer'],
  ['kv_cache.transfer.duration', 'transfer.finished', 'transfer'],
  ['kv_cache.lookup.duration', 'lookup.finished', 'transfer'],
  ['kv_cache.layer.submit.duration', 'layer.submitted', 'layerwise'],
];

const faults: string[] = [];
const on = Object.fromEntries(SUBSCRIBERS.map((name) => [name, true])) as Record<Name, boolean>;
const expected = new Map(ACCOUNTS.map(([metric]) => [metric, 0]));
const deltas = new Map<string, number>();

/** A collector that adds up what it is sent. */
const collector = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as OtlpRequest;
  for (const { scopeMetrics } of body.resourceMetrics) {
    for (const { name, sum, histogram } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
      const added = (sum ?? histogram)?.dataPoints.map(({ asDouble, count }) => asDouble ?? count) ?? [];
      if (!added.every(Number.isFinite)) faults.push(`${name} over OTLP is ${added}`);
      deltas.set(name, (deltas.get(name) ?? 0) + added.reduce<number>((all, value = 0) => all + value, 0));
    }
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
interface OtlpPoints {
  readonly dataPoints: readonly { readonly asDouble?: number; readonly count?: number }[];
}
interface OtlpRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { name: string; sum?: OtlpPoints; histogram?: OtlpPoints }[];
    }[];
  }[];
}

/** Samples of the last scrape by series. */
let before = new Map<string, number>();
async function scrape(url: string): Promise<Map<string, number>> {
  const page = await (await fetch(url)).text();
  const samples = new Map<string, number>();
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    const [series, value] = [line.slice(0, at), Number(line.slice(at + 1))];
    if (samples.has(series)) faults.push(`${series} is there twice`);
    if (!Number.isFinite(value)) faults.push(`${series} is ${line.slice(at + 1)}`);
    if (GROWS.test(series) && value < (before.get(series) ?? 0)) faults.push(`${series} fell to ${value}`);
    samples.set(series, value);
  }
  before = samples;
  return samples;
}
const GROWS = /^\w+_(total|count|bucket|sum)\b/;

/** Adds up the series of a metric: a counter's total or a histogram's count. */
function totalOf(samples: ReadonlyMap<string, number>, metric: string): number {
  const name = metric.replaceAll('.', '_');
  const series = new RegExp(`^${name}_(total|count)\\b`);
  return [...samples].filter(([key]) => series.test(key)).reduce((all, [, value]) => all + value, 0);
}

await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
process.env.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE = 'delta';
const kvCache = new KvCacheInstrumentation({ aggregation: 'fast', sampleRate: 1, reuse: true });
const endpoint = await servePrometheus({ port: 0, metricProducers: [kvCache.metricProducer] });
const { reader } = await createOtlpReader({
  url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  protocol: 'http/json',
  intervalMs: 1000,
  producersFor: (exporter) => [kvCache.metricProducerFor(exporter)],
  onFailure: (error) => faults.push(`OTLP: ${error.message}`),
});
const provider = new MeterProvider({ readers: [endpoint.reader, reader] });
kvCache.setMeterProvider(provider);

const bus = getBus();
// Counts on its own: what is published while a subscriber is on.
for (const [metric, event, by] of ACCOUNTS) {
  bus.subscribe(event, 'accounts', () => {
    if (on[by]) expected.set(metric, (expected.get(metric) as number) + 1);
  });
}
const random = new Random();
const source = createSource({ backend: 'churn', attributes: { cache: 'endurance' } });
const churns = [BlockChurn, MovementChurn, RequestChurn, LayerChurn].map(
  (Churn) => new Churn(bus, source, random),
) as { publish(time: number): void }[];

const start = Date.now();
let [time, events, switches, scrapes, nextScrape] = [start, 0, 0, 0, start];
while (Date.now() < start + seconds * 1000) {
  for (let i = 0; i < EVENTS_A_TURN; i++) churns[random.below(churns.length)]?.publish(++time);
  events += EVENTS_A_TURN;
  if (random.chance(5)) {
    const name = SUBSCRIBERS[random.below(SUBSCRIBERS.length)] as Name;
    on[name] = !on[name];
    kvCache.setConfig({ sampleRate: 1, ...on });
    switches++;
  }
  if (Date.now() >= nextScrape) {
    await scrape(endpoint.url);
    scrapes++;
    nextScrape += 1000;
  }
  await sleep(TURN_MS);
}
const last = await scrape(endpoint.url);
await provider.shutdown();
kvCache.disable();
await endpoint.close();
collector.close();

console.log(`${events} events, ${switches} switches, ${scrapes} scrapes, ${last.size} samples at the end`);
for (const [metric, count] of expected) {
  const [total, sum] = [totalOf(last, metric), deltas.get(metric)];
  console.log(`${metric}: ${count} published while on, ${total} scraped, ${sum} in deltas`);
  if (total !== count || sum !== count) faults.push(`${metric}: ${total} and ${sum} instead of ${count}`);
}
for (const [subscriber, failures] of bus.failures) faults.push(`${subscriber} failed ${failures} times`);
console.log(
  faults.length === 0 ? 'no fault' : `${faults.length} faults, the first: ${faults.slice(0, 5).join('; ')}`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
