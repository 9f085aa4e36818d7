import type { Attributes } from '@opentelemetry/api';
import { type Histogram, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { onTestFinished } from 'vitest';

class InMemoryReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** A provider of the real SDK whose figures stay in memory, for one test. */
export function inMemoryProvider() {
  const reader = new InMemoryReader();
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());

  async function points(name: string) {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'collection failed');
    return resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as { attributes: Attributes; value: number | Histogram }[]);
  }

  return {
    provider,
    reader,
    points,
    /** Sum of a counter's points, or count of a histogram's. */
    async total(name: string): Promise<number> {
      const values = (await points(name)).map(({ value }) =>
        typeof value === 'number' ? value : value.count,
      );
      return values.reduce((sum, value) => sum + value, 0);
    },
    /** Names of all metrics that come out of a collection. */
    async names(): Promise<string[]> {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor }) => descriptor.name),
      );
    },
  };
}
