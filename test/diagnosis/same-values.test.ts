import { createSource, getBus } from '@kvscope/core';
import { KvCacheInstrumentation } from '@kvscope/instrumentation';
import { servePrometheus } from '@kvscope/register/exporters';
import { parsePage, type ScrapedValue, valuesOf } from '@kvscope/report';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished } from 'vitest';
import { InMemoryReader } from '../../packages/cli/src/metric-reader.ts';

/** One line for each value, without what an exporter adds to labels. */
function lines(values: Iterable<ScrapedValue>): readonly string[] {
  return [...values]
    .map(({ labels, ...value }) => {
      const own = Object.entries(labels).filter(([name]) => !name.startsWith('otel_scope'));
      return JSON.stringify([
        value.metric,
        value.part,
        String(value.bound),
        value.grows,
        own.sort(),
        value.value,
      ]);
    })
    .sort();
}

it('what is read in the process is what the page of the same process says', async () => {
  const endpoint = await servePrometheus({ port: 0 });
  const memory = new InMemoryReader();
  const provider = new MeterProvider({ readers: [endpoint.reader, memory] });
  const instrumentation = new KvCacheInstrumentation({ sampleRate: 1 });
  instrumentation.setMeterProvider(provider);
  onTestFinished(async () => {
    await provider.shutdown();
    instrumentation.disable();
    await endpoint.close();
  });
  const source = createSource({ attributes: { 'cache.name': 'a "quoted" \\ name' } });
  const bus = getBus();
  const time = Date.now();
  const io = { source, tier: 'l2', direction: 'read' } as const;
  for (let i = 0; i < 20; i++) {
    const startTime = time - 2 ** i / 1000;
    bus.publish('block.stored', { time: startTime, source, tier: 'l1', keys: [i], cause: 'computed' });
    bus.publish('block.accessed', { time, source, tier: 'l1', keys: [i], by: 'request' });
    bus.publish('block.evicted', { time, source, tier: 'l1', keys: [i], reason: 'capacity' });
    bus.publish('io.finished', { time, startTime, submittedTime: startTime - 1, bytes: 2 ** i, ...io });
    bus.publish('lookup.finished', { time, source, startTime, tier: 'l1', blocks: 3, hits: 2 });
  }
  bus.publish('io.finished', { time, startTime: time - 1, bytes: 0, errorType: 'io_error', ...io });
  const page = parsePage(await (await fetch(endpoint.url)).text());
  const here = [...valuesOf(await memory.scrape())];
  expect(new Set(here.map(({ metric }) => metric)).size).toBeGreaterThan(10);
  expect(lines(here)).toEqual(lines(page));
});
