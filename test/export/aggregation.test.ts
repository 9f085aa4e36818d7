import { createSource, getBus } from '@kvscope/core';
import { KvCacheInstrumentation, type KvCacheInstrumentationConfig } from '@kvscope/instrumentation';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  type MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { anyPublication, type Publication } from '../contract/arbitrary-events.ts';
import { ManualReader } from '../manual-reader.ts';
import type { OtlpPoint } from './otlp-receiver.ts';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const ALL_ON = { sampleRate: 1, reuse: true } satisfies KvCacheInstrumentationConfig;
const occupancy = () => ({
  tiers: [{ tier: 'l1', capacity: 40, evictable: 3, pinned: 2, unknown: 0, blockBytes: 4096 } as const],
});

type Selector = (instrumentType: InstrumentType) => AggregationTemporality;

/** What exporters ask for: Prometheus, OTLP by default, OTLP with the two other preferences of the specification. */
const TEMPORALITIES: Readonly<Record<string, Selector>> = {
  cumulative: () => CUMULATIVE,
  delta: (type) =>
    type === InstrumentType.UP_DOWN_COUNTER || type === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER
      ? CUMULATIVE
      : DELTA,
  lowmemory: (type) =>
    type === InstrumentType.COUNTER || type === InstrumentType.HISTOGRAM ? DELTA : CUMULATIVE,
};

/** One instrumentation each way, on one bus, with a reader for each of the selectors. */
function bothWays(selectors: readonly Selector[]) {
  const [sdk, fast] = (['sdk', 'fast'] as const).map((aggregation) => {
    const instrumentation = new KvCacheInstrumentation({ ...ALL_ON, aggregation });
    const readers = selectors.map((selector) => {
      const exporter = { selectAggregationTemporality: selector };
      return new ManualReader({
        aggregationTemporalitySelector: selector,
        metricProducers: aggregation === 'fast' ? [instrumentation.metricProducerFor(exporter)] : [],
      });
    });
    const provider = new MeterProvider({ readers });
    instrumentation.setMeterProvider(provider);
    onTestFinished(async () => {
      instrumentation.disable();
      await provider.shutdown();
    });
    return { instrumentation, readers };
  }) as unknown as [Way, Way];
  return {
    setConfig(config: KvCacheInstrumentationConfig): void {
      for (const { instrumentation } of [sdk, fast]) instrumentation.setConfig(config);
    },
    async expectEqual(reader = 0): Promise<ResourceMetrics> {
      const [expected, found] = [await collected(sdk, reader), await collected(fast, reader)];
      expect(prometheus(found)).toEqual(prometheus(expected));
      expect(otlp(found)).toEqual(otlp(expected));
      return found;
    },
  };
}
interface Way {
  readonly instrumentation: KvCacheInstrumentation;
  readonly readers: readonly MetricReader[];
}

async function collected({ readers }: Way, reader: number): Promise<ResourceMetrics> {
  const { resourceMetrics, errors } = await (readers[reader] as MetricReader).collect();
  expect(errors).toEqual([]);
  return resourceMetrics;
}

/** Sums of the two are added up in another order when there are several readers. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function prometheus(metrics: ResourceMetrics): string[] {
  const lines = new PrometheusSerializer().serialize(metrics).split('\n');
  return lines.map((line) => line.replace(/ (\d\S*)$/, (_, value) => ` ${rounded(Number(value))}`)).sort();
}

/** The request as a collector reads it, in the order of names and attributes; times are asked only to be in order. */
function otlp(metrics: ResourceMetrics): unknown[] {
  const bytes = JsonMetricsSerializer.serializeRequest(metrics) as Uint8Array;
  const request = JSON.parse(new TextDecoder().decode(bytes), (key, value) => {
    if (value?.startTimeUnixNano !== undefined) {
      const { startTimeUnixNano, timeUnixNano, ...point } = value;
      expect(BigInt(startTimeUnixNano)).toBeLessThanOrEqual(BigInt(timeUnixNano));
      return point;
    }
    if (key === 'dataPoints')
      return sortedBy(value as OtlpPoint[], ({ attributes }) => JSON.stringify(attributes));
    return key === 'sum' && typeof value === 'number' ? rounded(value) : value;
  });
  const [{ scopeMetrics }] = request.resourceMetrics;
  expect(scopeMetrics.length).toBeLessThanOrEqual(1);
  return sortedBy((scopeMetrics[0]?.metrics ?? []) as { name: string }[], ({ name }) => name);
}

function sortedBy<T>(items: readonly T[], by: (item: T) => string): T[] {
  return items.toSorted((a, b) => (by(a) < by(b) ? -1 : 1));
}

const sources = [
  createSource({ attributes: { pool: 'a' }, backend: 'posix', occupancy }),
  createSource({ attributes: { pool: 'b' } }),
];
const events = fc.sample(anyPublication(sources), { numRuns: 6000, seed: 7 });
const publish = (from: number, to: number): void => {
  for (const [type, event] of events.slice(from, to) as Publication[]) getBus().publish(type, event as never);
};

beforeEach(() => {
  // Sweeps would otherwise come between the two collections now and then.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
});

describe.each(Object.entries(TEMPORALITIES))('both aggregations export the same, %s', (_, selector) => {
  it('from all events of the catalog, at each of several collections', async () => {
    const { expectEqual } = bothWays([selector]);
    publish(0, 2000);
    await expectEqual();
    await expectEqual();
    publish(2000, 2003);
    await expectEqual();
    publish(2003, 6000);
    const { scopeMetrics } = await expectEqual();
    // All that is recorded on events, and all that is observed: the comparison was not one of nothing.
    expect(scopeMetrics[0]?.metrics.length).toBeGreaterThan(50);
  });

  it('when subscribers are switched and the configuration is replaced between events', async () => {
    const { setConfig, expectEqual } = bothWays([selector]);
    publish(0, 1000);
    setConfig({ ...ALL_ON, transfer: false });
    publish(1000, 2000);
    await expectEqual();
    setConfig({ ...ALL_ON, lifecycle: false, shards: false });
    publish(2000, 3000);
    await expectEqual();
    setConfig({ ...ALL_ON, sampleRate: 0.5, lifecycle: { evictReuseWindow: 60 } });
    publish(3000, 4000);
    setConfig({ enabled: false });
    publish(4000, 4500);
    await expectEqual();
    setConfig({ ...ALL_ON, enabled: true });
    publish(4500, 6000);
    await expectEqual();
  });
});

it('readers of different temporality, each at intervals of its own, get what the SDK would give them', async () => {
  const { cumulative, delta, lowmemory } = TEMPORALITIES as Record<string, Selector>;
  const { expectEqual } = bothWays([cumulative as Selector, delta as Selector, lowmemory as Selector]);
  const turns = [[0], [0, 1], [], [0, 2], [0, 1], [2], [0, 1, 2]];
  for (const [turn, readers] of turns.entries()) {
    publish(turn * 800, (turn + 1) * 800);
    for (const reader of readers) await expectEqual(reader);
  }
});
