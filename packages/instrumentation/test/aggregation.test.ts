import { EventEmitter } from 'node:events';
import { type DiagLogger, diag } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forwardStats, KvCacheInstrumentation, type KvCacheInstrumentationConfig } from '../src/index.ts';
import { blockLives, environment, instrument, wanted } from './setup.ts';

/** What the reader of `instrumentation` gets of a counter, over all series. */
async function total(instrumentation: KvCacheInstrumentation, name: string): Promise<number> {
  const { resourceMetrics } = await instrumentation.metricProducer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return points.reduce((sum, { value }) => sum + (value as number), 0);
}

function warnings(): readonly string[] {
  const messages: string[] = [];
  diag.setLogger({ warn: (text: string) => messages.push(text) } as unknown as DiagLogger);
  onTestFinished(() => diag.disable());
  return messages;
}

describe('the aggregation', () => {
  it.each<[KvCacheInstrumentationConfig, RegExp]>([
    [{ aggregation: 'quick' as never }, /^aggregation is 'quick'; allowed: sdk, fast$/],
    [
      { aggregation: 'fast', histograms: 'linear' as never },
      /^histograms is 'linear'; allowed: explicit, exponen/,
    ],
    [{ histograms: 'exponential' }, /^histograms is 'exponential'; allowed: explicit; exponential ones need/],
  ])('%j is refused', (config, message) => {
    expect(() => new KvCacheInstrumentation(config)).toThrow(message);
    expect(wanted()).toEqual([]);
  });

  it('comes from the environment where code says nothing', () => {
    environment({ OTEL_INSTRUMENTATION_KV_CACHE_AGGREGATION: 'FAST' });
    expect(instrument().aggregation).toBe('fast');
    expect(instrument({ aggregation: 'sdk' }).aggregation).toBe('sdk');
  });

  it('is kept by setConfig, which refuses another one and leaves all as it was', async () => {
    const instrumentation = instrument({ aggregation: 'fast', histograms: 'exponential' });
    blockLives(1);
    expect(() => instrumentation.setConfig({ aggregation: 'sdk' })).toThrow(
      /^aggregation is 'sdk'; allowed: fast, as chosen at construction$/,
    );
    expect(() => instrumentation.setConfig({ histograms: 'explicit' })).toThrow(
      /^histograms is 'explicit'; allowed: exponential, as chosen at construction$/,
    );
    instrumentation.setConfig({ lifecycle: false });
    blockLives(2);
    expect([instrumentation.aggregation, await total(instrumentation, 'kv_cache.stores')]).toEqual([
      'fast',
      2,
    ]);
  });

  it('sdk has no producer and no workers, and says what would have', () => {
    const instrumentation = instrument();
    const needs = /needs `new KvCacheInstrumentation\(\{ aggregation: 'fast' \}\)`$/;
    expect(() => instrumentation.metricProducer).toThrow(needs);
    expect(() => instrumentation.metricProducerFor({})).toThrow(needs);
    expect(() => instrumentation.collectStats(new EventEmitter() as never)).toThrow(needs);
    expect(() => instrumentation.collectedStats).toThrow(needs);
    expect(() => instrumentation.forwardStats(process)).toThrow(needs);
  });
});

describe('on the fast path', () => {
  it('nothing is recorded while it is off, and the totals stay', async () => {
    const instrumentation = instrument({ aggregation: 'fast' });
    blockLives(1);
    instrumentation.disable();
    blockLives(2);
    expect([await total(instrumentation, 'kv_cache.stores'), wanted()]).toEqual([1, []]);
    instrumentation.enable();
    blockLives(3);
    expect(await total(instrumentation, 'kv_cache.stores')).toBe(2);
  });

  it('one warning tells that no reader was given the metrics', () => {
    const messages = warnings();
    const forgotten = instrument({ aggregation: 'fast' });
    forgotten.setMeterProvider(new MeterProvider());
    expect(messages).toEqual([
      expect.stringMatching(/no reader was given the metrics: put `metricProducers: /),
    ]);
    forgotten.disable();
    const given = instrument({ aggregation: 'fast' });
    expect(given.metricProducer).toBe(given.metricProducer);
    given.setMeterProvider(new MeterProvider());
    expect(messages).toHaveLength(1);
  });
});

describe('forwardStats', () => {
  it('records in its own thread and stops with what it returns', () => {
    const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => sent.push(message) });
    const sent: unknown[] = [];
    const { flush, stop, instrumentation } = forwardStats(port, { intervalMs: 3_600_000, lifecycle: false });
    expect(instrumentation.subscribers).toEqual(['bus', 'shards', 'transfer', 'layerwise']);
    blockLives(1);
    flush();
    blockLives(2);
    stop();
    stop();
    expect([sent.length, wanted()]).toEqual([2, []]);
  });

  it('leaves nothing on when its port or configuration is wrong', () => {
    expect(() => forwardStats(7 as never)).toThrow(/^port is 7; allowed: a worker's parentPort/);
    expect(() => forwardStats(new EventEmitter() as never, { sampleRate: 7 })).toThrow(/^sampleRate is 7/);
    expect(wanted()).toEqual([]);
  });
});
