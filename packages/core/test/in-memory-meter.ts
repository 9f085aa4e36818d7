import type { Attributes, Meter } from '@opentelemetry/api';
import { MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';
import { onTestFinished } from 'vitest';

class InMemoryReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

export interface InMemoryMeter {
  readonly meter: Meter;
  /** Collects now: metrics by name. */
  collect(): Promise<ReadonlyMap<string, MetricData>>;
  /** Collects now: the points of one metric as `[attributes, value]`. */
  points(name: string): Promise<readonly (readonly [Attributes, unknown])[]>;
}

/** A meter of the real SDK that keeps its measurements in memory, for one test. */
export function inMemoryMeter(): InMemoryMeter {
  const reader = new InMemoryReader();
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());

  async function collect(): Promise<ReadonlyMap<string, MetricData>> {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'collection failed');
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
  }

  return {
    meter: provider.getMeter('kvscope-test'),
    collect,
    async points(name) {
      const points = (await collect()).get(name)?.dataPoints ?? [];
      return points.map((point) => [point.attributes, point.value] as const);
    },
  };
}
