/*
 * What docs/scaling.md calculates with: how many events a core takes, and what a reading costs with 1, 10 and 100 sources.
 * Run by hand on a quiet machine:
 *
 *   npm run build && node --expose-gc test/dist/bench/scaling.js [PROMETHEUS, a program to measure as well]
 *
 * With a Prometheus it also scrapes 100, 200 and 400 stand-ins for a node, each a page as measured before under an
 * address of its own, and tells the memory and the processor time that they take there.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  createBus,
  createSampler,
  createSource,
  type Source,
  startSubscriber,
  systemClock,
} from '@kvscope/core';
import { createMetricProducer, FastRecorder } from '@kvscope/fast-path';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BlockChurn } from './churn/blocks.js';
import { LayerChurn } from './churn/layers.js';
import { MovementChurn } from './churn/movement.js';
import { Random } from './churn/random.js';
import { RequestChurn } from './churn/requests.js';
import { SilentReader } from './silent-meter.js';

const EVENTS = 400_000;
const READINGS = 20;
const TARGETS = [100, 200, 400];
/** Seconds between scrapes of the stand-ins, and how long each number of them is watched after a warm-up. */
const SCRAPE_S = 5;
const WATCH_S = 30;

/** A mix of all events over so many sources, at the default rate, until every series that comes has come. */
function node(sources: number) {
  const bus = createBus();
  const recorder = new FastRecorder();
  const environment = { bus, clock: systemClock, sampler: createSampler(), recorder };
  for (const subscriber of [lifecycle, shards, transfer, layerwise] as const) {
    startSubscriber(subscriber as typeof shards, environment);
  }
  const random = new Random();
  const occupancy = () => ({
    tiers: (['l0', 'l1', 'l2'] as const).map((tier) => {
      return { tier, capacity: 1000, evictable: 5, pinned: 2, unknown: 0, blockBytes: 65_536 };
    }),
  });
  const churns = Array.from({ length: sources }, (_, i) => {
    const source = createSource({ attributes: { rank: i }, backend: 'posix', occupancy }, bus);
    return [BlockChurn, MovementChurn, RequestChurn, LayerChurn].map(
      (Churn: new (on: typeof bus, of: Source, by: Random) => { publish(time: number): void }) =>
        new Churn(bus, source, random),
    );
  });
  let time = 1_700_000_000_000;
  const begin = process.cpuUsage();
  for (let i = 0; i < EVENTS; i++) churns[i % sources]?.[random.below(4)]?.publish(++time);
  const { user, system } = process.cpuUsage(begin);
  return { recorder, microsecondsAnEvent: (user + system) / EVENTS };
}

async function reading(sources: number) {
  const { recorder, microsecondsAnEvent } = node(sources);
  const scope = { name: 'kvscope', version: '0.1.0' };
  const reader = new SilentReader({ metricProducers: [createMetricProducer(recorder, scope)] });
  const provider = new MeterProvider({ readers: [reader] });
  const text = new PrometheusSerializer();
  const times = { collect: 0, text: 0, protobuf: 0 };
  let page = '';
  let otlp: Uint8Array = new Uint8Array();
  for (let i = 0; i < READINGS; i++) {
    const start = performance.now();
    const { resourceMetrics } = await reader.collect();
    const collected = performance.now();
    page = text.serialize(resourceMetrics);
    const written = performance.now();
    otlp = ProtobufMetricsSerializer.serializeRequest(resourceMetrics) as Uint8Array;
    times.collect += collected - start;
    times.text += written - collected;
    times.protobuf += performance.now() - written;
  }
  await provider.shutdown();
  const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const points = [...recorder.metrics].reduce((all, { series }) => all + series.size, 0);
  const figures = {
    sources,
    'us an event': microsecondsAnEvent.toFixed(2),
    series: points,
    samples,
    'text, kB': (page.length / 1000).toFixed(0),
    'text, gzip, kB': (gzipSync(page).length / 1000).toFixed(0),
    'OTLP, kB': (otlp.length / 1000).toFixed(0),
    'OTLP, gzip, kB': (gzipSync(otlp).length / 1000).toFixed(0),
    'collect, ms': (times.collect / READINGS).toFixed(1),
    'as text, ms': (times.text / READINGS).toFixed(1),
    'as OTLP, ms': (times.protobuf / READINGS).toFixed(1),
  };
  return { figures, page };
}

const readings = [];
for (const sources of [1, 10, 100]) readings.push(await reading(sources));
console.table(readings.map(({ figures }) => figures));
const [prometheus] = process.argv.slice(2);
if (prometheus !== undefined) console.table(await scraped(prometheus, readings[0]?.page ?? ''));

/** What a real Prometheus spends on nodes that each serve `page`, their values growing as live ones do. */
async function scraped(program: string, page: string) {
  const lines = page.split('\n');
  let scrapes = 0;
  const server = createServer((_, response) => {
    scrapes++;
    const grown = lines.map((line) =>
      line.startsWith('#') ? line : line.replace(/ (\d+)$/, (_, n) => ` ${Number(n) + scrapes}`),
    );
    response.end(grown.join('\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const rows = [];
  for (const targets of TARGETS)
    rows.push(
      await watch(
        program,
        port,
        targets,
        lines.filter((line) => line !== '' && !line.startsWith('#')).length,
      ),
    );
  server.close();
  return rows;
}

async function watch(program: string, port: number, targets: number, samples: number) {
  const folder = await mkdtemp(join(tmpdir(), 'kvscope-scaling-'));
  const jobs = Array.from(
    { length: targets },
    (_, i) => `      - targets: ['127.0.0.1:${port}']\n        labels: { instance: 'node-${i}' }`,
  );
  const config = `global: { scrape_interval: ${SCRAPE_S}s }\nscrape_configs:\n  - job_name: nodes\n    static_configs:\n${jobs.join('\n')}\n`;
  await writeFile(join(folder, 'prometheus.yml'), config);
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: 'ignore' },
  );
  const pid = child.pid as number;
  await sleep(3 * SCRAPE_S * 1000);
  const from = await usage(pid);
  await sleep(WATCH_S * 1000);
  const to = await usage(pid);
  child.kill();
  await new Promise((resolve) => child.once('exit', resolve));
  await rm(folder, { recursive: true, force: true });
  return {
    nodes: targets,
    series: targets * samples,
    'resident, MB': (to.residentBytes / 1e6).toFixed(0),
    cores: ((to.seconds - from.seconds) / WATCH_S).toFixed(2),
    'scrape interval, s': SCRAPE_S,
  };
}

/** Processor time and memory of a process, as Linux tells them. */
async function usage(pid: number) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
  const ticks = Number(fields[13]) + Number(fields[14]);
  const [, resident] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { seconds: ticks / 100, residentBytes: Number(resident) * 1024 };
}
