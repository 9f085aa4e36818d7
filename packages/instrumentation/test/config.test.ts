import { defineMetrics, type Subscriber } from '@kvscope/core';
import { type DiagLogger, diag } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KvCacheInstrumentation, type KvCacheInstrumentationConfig, plugin } from '../src/index.ts';
import { inMemoryProvider } from './in-memory-provider.ts';
import { environment, instrument, wanted } from './setup.ts';

const BUS = ['bus'];
const DEFAULTS = [...BUS, 'lifecycle', 'shards', 'transfer', 'layerwise'];
const MOVEMENT = ['transfer', 'layerwise'];
const NO_MOVEMENT = { transfer: false, layerwise: false } as const;
const own = (name: string): Subscriber => ({ name, family: defineMetrics(name, {}), start: () => undefined });

describe('a wrong configuration', () => {
  it.each<[unknown, RegExp]>([
    [{ sampleRate: 0 }, /^sampleRate is 0; allowed: above 0 and at most 1/],
    [{ sampleRate: 1.5 }, /^sampleRate is 1\.5; allowed: above 0 and at most 1/],
    [{ sampleRate: Number.NaN }, /^sampleRate is NaN/],
    [{ sampleSeed: -1 }, /^sampleSeed is -1; allowed: a whole number from 0 to 4294967295/],
    [{ enabled: 'yes' }, /^enabled is 'yes'; allowed: true or false/],
    [{ lifecycle: 1 }, /^lifecycle is 1; allowed: true, false or an object of options/],
    [{ lifecycle: { evictReuseWindow: 7 } }, /^lifecycle\.evictReuseWindow is 7; allowed: one of/],
    [{ lifecycle: { maxAge: 0 } }, /^lifecycle\.maxAge is 0/],
    [{ lifecycle: { windw: 300 } }, /^field of lifecycle is 'windw'; allowed: evictReuseWindow, /],
    [{ lifecycle: [] }, /^lifecycle is an array; allowed: true, false or an object of options/],
    [{ shards: { usage: false } }, /^field of shards is 'usage'; allowed: none, it has no options/],
    [{ reuse: { maxBlocks: 1 } }, /^reuse\.maxBlocks is 1; allowed: a whole number from 64/],
    [{ lifecylce: true }, /^field of config is 'lifecylce'; allowed: enabled, /],
    [{ plugins: [own('shards')] }, /^plugins is an object; allowed: plugin\(subscriber\)/],
    [{ plugins: [null] }, /^plugins is null; allowed: plugin\(subscriber\)/],
    [
      { plugins: [plugin(own('shards'))] },
      /^plugins is 'shards'; allowed: names that no other subscriber has/,
    ],
    [{ plugins: [plugin(own('a')), plugin(own('a'))] }, /^plugins is 'a'/],
    [null, /^config is null/],
    [[], /^config is an array/],
  ])('%o is refused at construction, also when it is off', (config, message) => {
    expect(() => new KvCacheInstrumentation(config as KvCacheInstrumentationConfig)).toThrow(message);
    const off = {
      ...(config as object),
      enabled: (config as { enabled?: boolean } | null)?.enabled ?? false,
    };
    if (config !== null && !Array.isArray(config))
      expect(() => new KvCacheInstrumentation(off as never)).toThrow(message);
    expect(wanted()).toEqual([]);
  });

  it('is refused by setConfig, and the one before stays', () => {
    const instrumentation = instrument({ shards: false, ...NO_MOVEMENT });
    expect(() => instrumentation.setConfig({ sampleRate: 2 })).toThrow(/^sampleRate is 2/);
    expect(instrumentation.subscribers).toEqual([...BUS, 'lifecycle']);
  });
});

describe('what is on', () => {
  it('is every subscriber but those that are off by default', () => {
    expect(instrument().subscribers).toEqual(DEFAULTS);
  });

  it('is chosen by flags, one by one', () => {
    expect(instrument({ lifecycle: false }).subscribers).toEqual([...BUS, 'shards', ...MOVEMENT]);
    expect(instrument({ lifecycle: { maxAge: 60 }, shards: false, ...NO_MOVEMENT }).subscribers).toEqual([
      ...BUS,
      'lifecycle',
    ]);
  });

  it('is reuse only where it is asked for, with options or without', () => {
    for (const reuse of [true, { sampleRate: 1 }]) {
      expect(instrument({ reuse }).subscribers).toEqual([...DEFAULTS, 'reuse']);
    }
    environment({ OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: 'reuse' });
    expect(instrument().subscribers).toEqual([...BUS, 'reuse']);
  });

  it('includes plugins, by their names', () => {
    expect(instrument({ plugins: [plugin(own('mine'))] }).subscribers).toContain('mine');
  });

  it('leaves out a plugin that cannot start, and counts it', () => {
    const messages: string[] = [];
    diag.setLogger({ error: (message: string) => messages.push(message) } as unknown as DiagLogger);
    onTestFinished(() => diag.disable());
    const broken = {
      ...own('broken'),
      start: () => {
        throw new Error('no');
      },
    };
    expect(instrument({ plugins: [plugin(broken)] }).subscribers).toEqual(DEFAULTS);
    expect(messages.join()).toContain("subscriber 'broken' did not start");
  });
});

describe('the environment', () => {
  it('beats the defaults, and code beats it', async () => {
    environment({
      OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: ' shards ',
      OTEL_INSTRUMENTATION_KV_CACHE_SAMPLE_RATE: '0.25',
      OTEL_INSTRUMENTATION_KV_CACHE_SAMPLE_SEED: '7',
    });
    expect(instrument().subscribers).toEqual([...BUS, 'shards']);
    const { provider, points } = inMemoryProvider();
    const both = instrument({ lifecycle: true, shards: false });
    both.setMeterProvider(provider);
    expect(both.subscribers).toEqual([...BUS, 'lifecycle']);
    expect((await points('kv_cache.sampling.rate')).map(({ value }) => value)).toEqual([0.25]);
    both.setConfig({ lifecycle: true, sampleRate: 0.5 });
    expect((await points('kv_cache.sampling.rate')).map(({ value }) => value)).toEqual([0.5]);
  });

  it('can turn the trace on, whatever subscribers it names, and code can turn it off', () => {
    environment({
      OTEL_INSTRUMENTATION_KV_CACHE_TRACE: 'true',
      OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: 'shards',
    });
    const traced = instrument();
    expect(traced.subscribers).toEqual([...BUS, 'shards', 'trace']);
    traced.setConfig({ trace: false });
    expect(traced.subscribers).toEqual([...BUS, 'shards']);
  });

  it('can turn everything off, and code can turn it on again', () => {
    environment({ OTEL_INSTRUMENTATION_KV_CACHE_ENABLED: 'FALSE' });
    expect(instrument().subscribers).toEqual([]);
    expect(instrument({ enabled: true }).subscribers).toEqual(DEFAULTS);
  });

  it('can name no subscriber at all', () => {
    environment({ OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: 'none' });
    expect(instrument().subscribers).toEqual(BUS);
  });

  it.each([
    ['ENABLED', 'yes', 'true or false'],
    ['TRACE', '1', 'true or false'],
    ['SAMPLE_RATE', '2', 'above 0 and at most 1'],
    ['SAMPLE_RATE', 'half', 'above 0 and at most 1'],
    ['SAMPLE_SEED', '-1', 'a whole number from 0'],
    ['SUBSCRIBERS', 'shards,lifecylce', "'lifecylce' is not known"],
  ])('%s=%s is told by name and left out', (knob, value, message) => {
    const messages: string[] = [];
    diag.setLogger({ error: (text: string) => messages.push(text) } as unknown as DiagLogger);
    onTestFinished(() => diag.disable());
    environment({ [`OTEL_INSTRUMENTATION_KV_CACHE_${knob}`]: value });
    expect(instrument().subscribers).toEqual(DEFAULTS);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`OTEL_INSTRUMENTATION_KV_CACHE_${knob} is '${value}'`);
    expect(messages[0]).toContain(message);
  });

  it('that is set to nothing is not set', () => {
    environment({
      OTEL_INSTRUMENTATION_KV_CACHE_ENABLED: '',
      OTEL_INSTRUMENTATION_KV_CACHE_SUBSCRIBERS: ' ',
    });
    expect(instrument().subscribers).toEqual(DEFAULTS);
  });
});
