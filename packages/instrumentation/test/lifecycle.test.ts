import { createSource, getBus } from '@kvscope/core';
import { type DiagLogger, diag, metrics } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inMemoryProvider } from './in-memory-provider.ts';
import { blockLives, environment, instrument, openCallbacks, openIntervals, wanted } from './setup.ts';

const ALL = { sampleRate: 1 };

describe('registration', () => {
  it('records into the provider it is given', async () => {
    const { provider, total, points } = inMemoryProvider();
    const instrumentation = instrument(ALL);
    onTestFinished(
      registerInstrumentations({ instrumentations: [instrumentation], meterProvider: provider }),
    );
    blockLives(1);
    expect(await total('kv_cache.stores')).toBe(1);
    expect(await total('kv_cache.block.lifetime')).toBe(1);
    const [events] = await points('kv_cache.bus.events');
    expect(events?.attributes).toEqual({ 'kv_cache.event.name': 'block.stored' });
  });

  it('puts every metric into one scope, named and versioned after the package', async () => {
    const { provider, reader } = inMemoryProvider();
    instrument(ALL).setMeterProvider(provider);
    blockLives(2);
    const { resourceMetrics } = await reader.collect();
    expect(resourceMetrics.scopeMetrics.map(({ scope }) => [scope.name, scope.version])).toEqual([
      ['@kvscope/instrumentation', '0.1.0'],
    ]);
  });

  it('leaves off what code or the environment turned off, until enable() says otherwise', () => {
    const { provider } = inMemoryProvider();
    const register = (instrumentations: ReturnType<typeof instrument>[]) =>
      onTestFinished(registerInstrumentations({ instrumentations, meterProvider: provider }));
    const byCode = instrument({ enabled: false });
    register([byCode]);
    expect([byCode.subscribers, wanted()]).toEqual([[], []]);
    byCode.enable();
    expect(byCode.subscribers).toContain('shards');
    environment({ OTEL_INSTRUMENTATION_KV_CACHE_ENABLED: 'false' });
    const byEnvironment = instrument();
    register([byEnvironment]);
    expect(byEnvironment.subscribers).toEqual([]);
  });
});

describe('a second instrumentation that is on', () => {
  function warnings(): string[] {
    const messages: string[] = [];
    diag.setLogger({ warn: (text: string) => messages.push(text) } as unknown as DiagLogger);
    onTestFinished(() => diag.disable());
    return messages;
  }

  it('is told of when both record into one provider, since every figure doubles', async () => {
    const messages = warnings();
    const { provider, total } = inMemoryProvider();
    const [first, second] = [instrument(ALL), instrument(ALL)];
    first.setMeterProvider(provider);
    second.setMeterProvider(provider);
    second.enable();
    blockLives(30);
    expect(await total('kv_cache.stores')).toBe(2);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('registered twice');
  });

  it('is nobody else with a provider of its own, or once the first is off', () => {
    const messages = warnings();
    const [first, second] = [instrument(ALL), instrument(ALL)];
    first.setMeterProvider(inMemoryProvider().provider);
    const { provider } = inMemoryProvider();
    second.setMeterProvider(provider);
    first.disable();
    first.setMeterProvider(provider);
    expect(messages).toEqual([]);
  });
});

describe('a provider that comes late', () => {
  it('is found by what was registered before it, as an SDK from declarative configuration does', async () => {
    const { provider, total } = inMemoryProvider();
    onTestFinished(() => metrics.disable());
    onTestFinished(registerInstrumentations({ instrumentations: [instrument(ALL)] }));
    blockLives(20);
    metrics.setGlobalMeterProvider(provider);
    blockLives(21);
    blockLives(22);
    // The first block went to nobody; no instrument that it made is still in use.
    expect([await total('kv_cache.stores'), await total('kv_cache.block.lifetime')]).toEqual([2, 2]);
    expect(await total('kv_cache.bus.events')).toBeGreaterThan(0);
  });
});

describe('on, off and other providers, in any order', () => {
  it('records nothing twice after enable() and setMeterProvider() were called again and again', async () => {
    const { provider, total } = inMemoryProvider();
    const instrumentation = instrument(ALL);
    for (let i = 0; i < 3; i++) {
      instrumentation.setMeterProvider(provider);
      instrumentation.enable();
    }
    blockLives(3);
    expect([await total('kv_cache.stores'), await total('kv_cache.block.lifetime')]).toEqual([1, 1]);
  });

  it('loses nothing of its state when the provider changes while blocks live', async () => {
    const [first, second] = [inMemoryProvider(), inMemoryProvider()];
    const instrumentation = instrument(ALL);
    const source = { time: 1000, source: createSource() };
    getBus().publish('block.stored', { ...source, tier: 'l1', keys: [4], cause: 'computed' });
    instrumentation.setMeterProvider(first.provider);
    expect(await first.total('kv_cache.block.tracked')).toBe(1);
    instrumentation.setMeterProvider(second.provider);
    getBus().publish('block.evicted', { ...source, time: 3000, tier: 'l1', keys: [4], reason: 'deleted' });
    expect(await second.total('kv_cache.block.lifetime')).toBe(1);
    expect(await first.total('kv_cache.block.lifetime')).toBe(0);
  });

  it('asks no source for an old provider', async () => {
    const [first, second] = [inMemoryProvider(), inMemoryProvider()];
    let asked = 0;
    const source = createSource({
      occupancy: () => {
        asked++;
        return { tiers: [] };
      },
    });
    onTestFinished(source.close);
    const instrumentation = instrument(ALL);
    instrumentation.setMeterProvider(first.provider);
    instrumentation.setMeterProvider(second.provider);
    await first.reader.collect();
    expect(asked).toBe(0);
    await second.reader.collect();
    // Once for what is resident, once for the transfers under way.
    expect(asked).toBe(2);
  });

  it('makes no instrument for a subscriber that never was on', async () => {
    const { provider, names } = inMemoryProvider();
    instrument({ ...ALL, lifecycle: false }).setMeterProvider(provider);
    blockLives(5);
    expect((await names()).filter((name) => name.startsWith('kv_cache.block.'))).toEqual([]);
  });

  it('leaves nothing behind when it is off', async () => {
    const { provider, points, total } = inMemoryProvider();
    const instrumentation = instrument(ALL);
    instrumentation.setMeterProvider(provider);
    blockLives(6);
    instrumentation.disable();
    instrumentation.disable();
    expect(wanted()).toEqual([]);
    blockLives(7);
    expect(await total('kv_cache.stores')).toBe(1);
    expect(await points('kv_cache.sampling.rate')).toEqual([]);
    instrumentation.enable();
    blockLives(8);
    expect(await total('kv_cache.stores')).toBe(2);
  });
});

describe('setConfig', () => {
  it('starts and stops single subscribers and keeps the state of the others', async () => {
    const { provider, total } = inMemoryProvider();
    const instrumentation = instrument({ ...ALL, shards: false });
    instrumentation.setMeterProvider(provider);
    const at = { source: createSource(), tier: 'l1', keys: [9] } as const;
    getBus().publish('block.stored', { ...at, time: 1000, cause: 'computed' });
    instrumentation.setConfig({ ...ALL, shards: true });
    instrumentation.setConfig({ ...ALL, shards: false });
    getBus().publish('block.evicted', { ...at, time: 2000, reason: 'deleted' });
    expect(await total('kv_cache.block.lifetime')).toBe(1);
    expect(await total('kv_cache.evictions')).toBe(0);
  });

  it.each([
    ['rate', { sampleRate: 0.999 }],
    ['seed', { sampleRate: 1, sampleSeed: 1 }],
    ['options', { sampleRate: 1, lifecycle: { maxAge: 60 } }],
  ])('restarts the lifecycle for another %s', async (_what, config) => {
    const { provider, total } = inMemoryProvider();
    const instrumentation = instrument(ALL);
    instrumentation.setMeterProvider(provider);
    const at = { time: 1000, source: createSource(), tier: 'l1', keys: [10] } as const;
    getBus().publish('block.stored', { ...at, cause: 'computed' });
    expect(await total('kv_cache.block.tracked')).toBe(1);
    instrumentation.setConfig(config);
    expect(await total('kv_cache.block.tracked')).toBe(0);
  });

  it('turns on and off only when it says so', () => {
    const instrumentation = instrument();
    instrumentation.disable();
    instrumentation.setConfig({ lifecycle: false });
    expect(instrumentation.subscribers).toEqual([]);
    instrumentation.setConfig({ enabled: true, lifecycle: false });
    expect(instrumentation.subscribers).toEqual(['bus', 'shards', 'transfer', 'layerwise']);
    instrumentation.setConfig({ enabled: false });
    expect(instrumentation.subscribers).toEqual([]);
  });
});

describe('a thousand toggles while events flow', () => {
  it('leaves the figures of the others exact, and no handler, callback or timer', async () => {
    const { provider, total } = inMemoryProvider();
    const [intervals, callbacks] = [openIntervals(), openCallbacks(provider)];
    const instrumentation = instrument({ ...ALL, lifecycle: false });
    instrumentation.setMeterProvider(provider);
    const toggle = (times: number, flag: 'lifecycle' | 'shards', from: number) => {
      for (let i = 0; i < times; i++) {
        instrumentation.setConfig({ ...ALL, [flag]: i % 2 === 0 });
        blockLives(from + i);
      }
    };
    toggle(100, 'lifecycle', 100);
    toggle(100, 'shards', 200);
    const heapBefore = heapAfterCollection();
    toggle(1000, 'lifecycle', 1000);
    // Off for every second block, here and in the first hundred; on while the shards were toggled.
    expect(await total('kv_cache.block.lifetime')).toBe(50 + 100 + 500);
    expect(await total('kv_cache.stores')).toBe(100 + 50 + 1000);
    toggle(1000, 'shards', 3000);
    expect(await total('kv_cache.block.lifetime')).toBe(650 + 1000);
    expect(await total('kv_cache.stores')).toBe(1150 + 500);
    // A subscriber takes kilobytes: not even half of one is left of each toggle.
    if (heapBefore !== undefined)
      expect((heapAfterCollection() as number) - heapBefore).toBeLessThan(1_000_000);
    expect([intervals.size, callbacks.size]).not.toContain(0);
    instrumentation.disable();
    expect([wanted(), intervals.size, callbacks.size]).toEqual([[], 0, 0]);
  });
});

describe('each flag toggled a thousand times', () => {
  const at = { time: 2000, startTime: 1000, source: createSource() };
  it.each([
    ['transfer', 'kv_cache.lookup.duration'],
    ['layerwise', 'kv_cache.layer.wait.duration'],
    ['intervalLog', undefined],
  ] as const)('%s records what was published while it was on, and no more', async (flag, metric) => {
    const { provider, total } = inMemoryProvider();
    const instrumentation = instrument({ ...ALL, lifecycle: false });
    instrumentation.setMeterProvider(provider);
    const handlers = wanted();
    for (let i = 0; i < 1000; i++) {
      instrumentation.setConfig({ ...ALL, lifecycle: false, [flag]: i % 2 === 0 });
      getBus().publish('lookup.finished', { ...at, tier: 'l1', blocks: 2, hits: 1 });
      const layer = { batch: `${flag}-${i}`, layer: 0, first: true, operation: 'load', tasks: 1 } as const;
      getBus().publish('layer.waited', { ...at, ...layer });
    }
    if (metric !== undefined) expect(await total(metric)).toBe(500);
    // The shards subscriber was on all the time: one hit and one miss for each lookup.
    expect(await total('kv_cache.lookup.blocks')).toBe(2000);
    instrumentation.setConfig({ ...ALL, lifecycle: false });
    expect(wanted()).toEqual(handlers);
  });
});

function heapAfterCollection(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
