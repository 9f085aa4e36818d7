import { createSource, getBus, RESIDENCY } from '@kvscope/core';
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { createOtlpReader, servePrometheus } from '@kvscope/register/exporters';
import {
  AggregationType,
  MeterProvider,
  type MetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attributesOf, otlpReceiver } from './otlp-receiver.ts';

const CUMULATIVE = 2;
const DELTA = 1;
const source = createSource({ attributes: { 'cache.name': 'test' } });

function instrumented(readers: MetricReader[], views: ViewOptions[] = []) {
  const provider = new MeterProvider({ readers, views });
  const instrumentation = new KvCacheInstrumentation({ sampleRate: 1 });
  instrumentation.setMeterProvider(provider);
  onTestFinished(async () => {
    instrumentation.disable();
    await provider.shutdown();
  });
  return provider;
}

/** Blocks that live for the given numbers of seconds in L1. */
function blocksLive(...seconds: number[]): void {
  const bus = getBus();
  for (const [key, lifetime] of seconds.entries()) {
    const at = { source, tier: 'l1', keys: [key] } as const;
    bus.publish('block.stored', { ...at, time: 0, cause: 'computed' });
    bus.publish('block.evicted', { ...at, time: lifetime * 1000, reason: 'deleted' });
  }
}

async function otlp(url: string) {
  const failures: Error[] = [];
  const { reader, exporter } = await createOtlpReader({
    url,
    protocol: 'http/json',
    intervalMs: 3_600_000,
    onFailure: (error) => failures.push(error),
  });
  return { reader, exporter, failures };
}

/** The exporter reads its environment when it is made. */
function environment(name: string, value: string): void {
  process.env[name] = value;
  onTestFinished(() => {
    delete process.env[name];
  });
}

describe('over OTLP/HTTP', () => {
  it('names, units, scope, boundaries, counts and start times arrive', async () => {
    const receiver = await otlpReceiver();
    const { reader, failures } = await otlp(receiver.url);
    const before = BigInt(Date.now()) * 1_000_000n;
    const provider = instrumented([reader]);
    blocksLive(1.5, 3, 4000);
    await provider.forceFlush();

    const [request] = receiver.requests;
    expect([request?.path, request?.contentType]).toEqual(['/v1/metrics', 'application/json']);
    expect(request?.scopes.map(({ scope }) => scope)).toEqual([
      { name: '@kvscope/instrumentation', version: '0.1.0' },
    ]);
    const lifetime = receiver.metric('kv_cache.block.lifetime');
    expect([lifetime?.unit, lifetime?.histogram?.aggregationTemporality]).toEqual(['s', CUMULATIVE]);
    const [point] = lifetime?.histogram?.dataPoints ?? [];
    expect(attributesOf(point)).toEqual({
      'cache.name': 'test',
      'kv_cache.tier': 'l1',
      'kv_cache.eviction.reason': 'deleted',
    });
    expect(point?.explicitBounds).toEqual(RESIDENCY);
    // 1.5 s lies in (1, 2], 3 s in (2, 5], 4,000 s above the last boundary of 3,600 s.
    const expected = [...RESIDENCY, Number.POSITIVE_INFINITY].map((bound) =>
      Number([2, 5, Infinity].includes(bound)),
    );
    expect(point?.bucketCounts).toEqual(expected);
    expect([point?.count, point?.sum, point?.min, point?.max]).toEqual([3, 4004.5, 1.5, 4000]);
    expect(BigInt(point?.startTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(before);
    expect(BigInt(point?.timeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(point?.startTimeUnixNano ?? 0));

    const stores = receiver.metric('kv_cache.stores');
    expect([stores?.unit, stores?.sum?.isMonotonic, stores?.sum?.dataPoints[0]?.asDouble]).toEqual([
      '{block}',
      true,
      3,
    ]);
    const tracked = receiver.metric('kv_cache.block.tracked');
    expect([tracked?.unit, tracked?.sum?.isMonotonic]).toEqual(['{block}', false]);
    expect(receiver.metric('kv_cache.sampling.rate')?.gauge?.dataPoints[0]?.asDouble).toBe(1);
    expect(failures).toEqual([]);
  });

  it('cumulative figures go on from the start, delta ones from the last export', async () => {
    const receiver = await otlpReceiver();
    const cumulative = await otlp(receiver.url);
    environment('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta');
    const deltaReceiver = await otlpReceiver();
    const delta = await otlp(deltaReceiver.url);
    const provider = instrumented([cumulative.reader, delta.reader]);
    blocksLive(1);
    await provider.forceFlush();
    const first = receiver.metric('kv_cache.block.lifetime')?.histogram?.dataPoints[0];
    const firstDelta = deltaReceiver.metric('kv_cache.block.lifetime')?.histogram?.dataPoints[0];
    blocksLive(2, 3);
    await provider.forceFlush();
    const second = receiver.metric('kv_cache.block.lifetime')?.histogram;
    const secondDelta = deltaReceiver.metric('kv_cache.block.lifetime')?.histogram;
    expect([second?.aggregationTemporality, secondDelta?.aggregationTemporality]).toEqual([
      CUMULATIVE,
      DELTA,
    ]);
    expect([first?.count, second?.dataPoints[0]?.count, second?.dataPoints[0]?.sum]).toEqual([1, 3, 6]);
    expect([firstDelta?.count, secondDelta?.dataPoints[0]?.count, secondDelta?.dataPoints[0]?.sum]).toEqual([
      1, 2, 5,
    ]);
    expect(second?.dataPoints[0]?.startTimeUnixNano).toBe(first?.startTimeUnixNano);
    expect(secondDelta?.dataPoints[0]?.startTimeUnixNano).toBe(firstDelta?.timeUnixNano);
  });

  it('a collector that is away is told once', async () => {
    // The exporter tries again, ever more slowly, until this time is over.
    environment('OTEL_EXPORTER_OTLP_TIMEOUT', '200');
    const { reader, exporter, failures } = await otlp('http://127.0.0.1:1/v1/metrics');
    const provider = instrumented([reader]);
    blocksLive(1);
    await provider.forceFlush();
    await provider.forceFlush();
    expect(failures).toHaveLength(1);
    expect(exporter.failure?.message).toContain('ECONNREFUSED');
  });
});

describe('with Prometheus beside it', () => {
  it('both show the same, and a View that changes boundaries is honoured by both', async () => {
    const receiver = await otlpReceiver();
    const { reader } = await otlp(receiver.url);
    const prometheus = await servePrometheus({ port: 0 });
    onTestFinished(() => prometheus.close());
    const provider = instrumented(
      [reader, prometheus.reader],
      [
        {
          instrumentName: 'kv_cache.block.lifetime',
          aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [2, 60] } },
        },
      ],
    );
    blocksLive(1, 3, 100);
    await provider.forceFlush();
    const [point] = receiver.metric('kv_cache.block.lifetime')?.histogram?.dataPoints ?? [];
    expect([point?.explicitBounds, point?.bucketCounts]).toEqual([
      [2, 60],
      [1, 1, 1],
    ]);
    const text = await (await fetch(prometheus.url)).text();
    const buckets = [...text.matchAll(/^kv_cache_block_lifetime_bucket\{.*le="([^"]+)"\} (\d+)/gm)];
    expect(buckets.map(([, le, count]) => [le, Number(count)])).toEqual([
      ['2', 1],
      ['60', 2],
      ['+Inf', 3],
    ]);
    expect(text).toMatch(/^kv_cache_stores_total\{.*kv_cache_tier="l1".*\} 3$/m);
    // One scope to a name: each name has one HELP line.
    const helps = [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name);
    expect(new Set(helps).size).toBe(helps.length);
  });

  it('only loopback is served unless told otherwise, and other paths are not found', async () => {
    const endpoint = await servePrometheus({ port: 0 });
    onTestFinished(() => endpoint.close());
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect((await fetch(endpoint.url.replace('/metrics', '/'))).status).toBe(404);
    expect((await fetch(endpoint.url, { method: 'POST' })).status).toBe(404);
    expect((await fetch(endpoint.url, { method: 'HEAD' })).status).toBe(200);
  });

  it('a port in use is an error that whoever starts it sees', async () => {
    const endpoint = await servePrometheus({ port: 0 });
    onTestFinished(() => endpoint.close());
    const port = Number(new URL(endpoint.url).port);
    await expect(servePrometheus({ port })).rejects.toThrow('EADDRINUSE');
  });
});
