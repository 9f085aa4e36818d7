import type { Buckets } from '@kvscope/report/figures';
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

/** A reader that keeps nothing and is asked when figures are wanted. */
export class InMemoryReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}

  /** @throws Error when a callback of the SDK failed */
  async read(): Promise<MetricValues> {
    return new MetricValues(await this.scrape());
  }

  /** What {@link read} makes sums of. @throws as it does */
  async scrape(): Promise<ResourceMetrics> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'metrics could not be collected');
    return resourceMetrics;
  }
}

/** Attribute values that a point must have to be counted in. */
export type Where = Readonly<Record<string, string>>;

export interface HistogramValues extends Buckets {
  readonly count: number;
  readonly sum: number;
}

/** Figures by metric name, added up over every attribute that is not asked for. */
export class MetricValues {
  readonly #points = new Map<string, { type: DataPointType; points: DataPoint<unknown>[] }>();

  constructor(resourceMetrics: ResourceMetrics) {
    for (const { metrics } of resourceMetrics.scopeMetrics) {
      for (const { descriptor, dataPointType, dataPoints } of metrics) {
        this.#points.set(descriptor.name, {
          type: dataPointType,
          points: dataPoints as DataPoint<unknown>[],
        });
      }
    }
  }

  sum(name: string, where: Where = {}): number {
    const { type, points } = this.#points.get(name) ?? { type: DataPointType.SUM, points: [] };
    if (type !== DataPointType.SUM) throw new TypeError(`${name} is not a sum`);
    return matching(points, where).reduce((sum, point) => sum + (point.value as number), 0);
  }

  histogram(name: string, where: Where = {}): HistogramValues {
    const { type, points } = this.#points.get(name) ?? { type: DataPointType.HISTOGRAM, points: [] };
    if (type !== DataPointType.HISTOGRAM) throw new TypeError(`${name} is not a histogram`);
    return matching(points, where)
      .map((point) => point.value as Histogram)
      .reduce<HistogramValues>(
        (all, { count, sum = 0, buckets }) => ({
          count: all.count + count,
          sum: all.sum + sum,
          boundaries: buckets.boundaries,
          counts: buckets.counts.map((n, i) => n + (all.counts[i] ?? 0)),
        }),
        { count: 0, sum: 0, boundaries: [], counts: [] },
      );
  }
}

function matching(points: readonly DataPoint<unknown>[], where: Where): DataPoint<unknown>[] {
  const wanted = Object.entries(where);
  return points.filter(({ attributes }) => wanted.every(([name, value]) => attributes[name] === value));
}
