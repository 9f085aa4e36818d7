import { type Bus, createSource, defineMetrics, getBus, type Source, type Subscriber } from '@kvscope/core';
import { KvCacheInstrumentation, plugin } from '@kvscope/instrumentation';
import { servePrometheus } from '@kvscope/register/exporters';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** What one observation was, and what it is kept apart by. */
export interface Observation {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An application of this process, recorded by the real instrumentation, that knows exactly what it published. */
export interface ObservedApp {
  readonly url: URL;
  /** Publishes one of each kind: a series that is born has no rate yet. */
  begin(): void;
  /** Publishes {@link WORK} of each kind, and a failure of each kind. */
  work(): void;
  /** By metric, what {@link work} made it observe. */
  readonly observed: ReadonlyMap<string, readonly Observation[]>;
  stop(): Promise<void>;
}

/** A prime, so that no quantile falls between two observations. */
export const WORK = 997;

const failing: Subscriber = {
  name: 'failing',
  family: defineMetrics('failing', {}),
  start(context) {
    context.on('window.started', () => {
      throw new Error('on purpose');
    });
  },
};

export async function startObservedApp(): Promise<ObservedApp> {
  const endpoint = await servePrometheus({ port: 0 });
  const provider = new MeterProvider({ readers: [endpoint.reader] });
  const instrumentation = new KvCacheInstrumentation({
    sampleRate: 1,
    lifecycle: { evictReuseWindow: 1 },
    layerwise: { maxBatches: 1 },
    reuse: true,
    plugins: [plugin(failing)],
  });
  instrumentation.setMeterProvider(provider);
  const bus = getBus();
  // A tier whose capacity is known has a prediction, whose sample a reset forgets.
  const occupancy = () => ({
    tiers: [{ tier: 'l1' as const, capacity: 100, evictable: 0, pinned: 0, unknown: 0 }],
  });
  const source = createSource({ attributes: { 'cache.name': 'app' }, backend: 'nixl', occupancy });
  const observed = new Map<string, Observation[]>();
  // With this seed three observations more or less move no quantile to another bucket: a rate is extrapolated by one.
  const random = createRandom(7);
  let published = 0;

  function publish(observe: (metric: string, labels: Observation['labels'], value: number) => void): void {
    // From 100 us to 1 s, evenly over the orders of magnitude.
    const seconds = 10 ** (4 * random() - 4);
    movements(bus, source, published++, seconds, observe);
  }
  return {
    url: new URL(endpoint.url),
    begin() {
      publish(() => undefined);
      failures(bus, source, 'a');
    },
    work() {
      for (let i = 0; i < WORK; i++) {
        publish((metric, labels, value) => {
          observed.set(metric, [...(observed.get(metric) ?? []), { labels, value }]);
        });
      }
      failures(bus, source, 'b');
    },
    observed,
    async stop() {
      await provider.shutdown();
      instrumentation.disable();
      await endpoint.close();
    },
  };
}

function movements(
  bus: Bus,
  source: Source,
  key: number,
  seconds: number,
  observe: (metric: string, labels: Observation['labels'], value: number) => void,
): void {
  const startTime = Date.now() + key;
  const time = startTime + seconds * 1000;
  const bytes = 4096 + Math.floor(seconds * 1e9);
  const pair = { kv_cache_source_tier: 'l1', kv_cache_destination_tier: 'l0' };
  bus.publish('transfer.finished', {
    time,
    source,
    startTime,
    from: 'l1',
    to: 'l0',
    blocks: 1 + (key % 500),
    bytes,
    requests: 1,
  });
  observe('kv_cache.transfer.duration', pair, seconds);
  observe('kv_cache.transfer.size', pair, bytes);
  observe('kv_cache.transfer.bandwidth', pair, bytes / seconds);
  observe('kv_cache.transfer.blocks', pair, 1 + (key % 500));

  const chunk = {
    time,
    source,
    startTime,
    requestId: `r${key}`,
    sessionId: 's',
    index: 0,
    last: true,
    bytes,
  };
  bus.publish('request.chunk', chunk);
  observe('kv_cache.request.transfer.duration', { kv_cache_backend_name: 'nixl' }, seconds);
  observe('kv_cache.request.transfer.size', { kv_cache_backend_name: 'nixl' }, bytes);

  bus.publish('shard.waited', { time, source, startTime });
  observe('kv_cache.shard.wait.duration', {}, seconds);
  bus.publish('lookup.finished', { time, source, startTime, tier: 'l1', blocks: 2, hits: 1 });
  observe('kv_cache.lookup.duration', { kv_cache_tier: 'l1' }, seconds);
  const io = { tier: 'l2', direction: 'read' } as const;
  bus.publish('io.finished', { time, source, startTime, ...io, bytes, submittedTime: startTime - 1 });
  observe('kv_cache.io.duration', { kv_cache_tier: 'l2', kv_cache_io_direction: 'read' }, seconds);

  bus.publish('block.stored', { time: startTime, source, tier: 'l2', keys: [key], cause: 'computed' });
  bus.publish('block.evicted', { time, source, tier: 'l2', keys: [key], reason: 'expired' });
  observe('kv_cache.block.lifetime', { kv_cache_tier: 'l2' }, seconds);
}

/** One of each kind of what goes wrong. */
function failures(bus: Bus, source: Source, id: string): void {
  const startTime = Date.now();
  const time = startTime + 1;
  bus.publish('window.started', { time, source, window: id });
  bus.publish('transfer.finished', {
    time,
    source,
    startTime,
    from: 'l0',
    to: 'l1',
    blocks: 0,
    bytes: 0,
    errorType: 'timeout',
  });
  bus.publish('request.chunk', {
    time,
    source,
    startTime,
    requestId: id,
    sessionId: 'failed',
    index: 0,
    last: false,
    bytes: 1,
  });
  bus.publish('request.aborted', { time, source, requestId: id });
  // The second batch is one more than may be open.
  for (const batch of [0, 1]) {
    bus.publish('layer.submitted', {
      time,
      source,
      startTime,
      batch: `${id}${batch}`,
      layer: 0,
      first: true,
      operation: 'load',
    });
  }
  bus.publish('batch.finished', { time, source, batch: `${id}0` });
  // It leaves before it came.
  bus.publish('block.stored', { time, source, tier: 'l0', keys: [`${id}-early`], cause: 'computed' });
  bus.publish('block.evicted', {
    time: time - 10,
    source,
    tier: 'l0',
    keys: [`${id}-early`],
    reason: 'deleted',
  });
  bus.publish('block.stored', { time, source, tier: 'l1', keys: [`${id}-forgotten`], cause: 'unknown' });
  bus.publish('source.reset', { time, source, tier: 'l1' });
}

/** Numbers from 0 to 1, the same each time: a linear congruential generator with the constants of Numerical Recipes. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
