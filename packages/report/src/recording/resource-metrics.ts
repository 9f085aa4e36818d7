import { grows, labelName } from '@kvscope/dashboards';
import type { Labels } from '../answers.js';
import { DECLARATIONS } from './names.js';
import type { ScrapedValue } from './scrape-recording.js';

/** What a collection of the OTel SDK gives, `ResourceMetrics`, as far as it is read. */
export interface CollectedMetrics {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string };
      readonly dataPoints: readonly {
        readonly attributes: Readonly<Record<string, unknown>>;
        readonly value: unknown;
      }[];
    }[];
  }[];
}

/** A point of a histogram with explicit boundaries. */
interface HistogramPoint {
  readonly count: number;
  readonly sum?: number;
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
}

/**
 * The values of a collection of the OTel SDK, as a scrape of it would have them. Metrics of others are left out, and
 * exponential histograms, which have no buckets to ask.
 */
export function* valuesOf({ scopeMetrics }: CollectedMetrics): Generator<ScrapedValue> {
  for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    const declaration = DECLARATIONS.get(descriptor.name);
    if (declaration === undefined) continue;
    const named = { metric: descriptor.name, grows: grows(declaration) };
    for (const { attributes, value } of dataPoints) {
      const labels = labelsOf(attributes);
      if (typeof value === 'number') yield { ...named, labels, value };
      else if (isHistogramPoint(value)) yield* histogramValues(named, labels, value);
    }
  }
}

function isHistogramPoint(value: unknown): value is HistogramPoint {
  const { buckets } = (value ?? {}) as Partial<HistogramPoint>;
  return Array.isArray(buckets?.boundaries) && Array.isArray(buckets.counts);
}

function* histogramValues(
  named: Pick<ScrapedValue, 'metric' | 'grows'>,
  labels: Labels,
  { count, sum = 0, buckets }: HistogramPoint,
): Generator<ScrapedValue> {
  yield { ...named, part: 'count', labels, value: count };
  yield { ...named, part: 'sum', labels, value: sum };
  let upTo = 0;
  for (const [i, inBucket] of buckets.counts.entries()) {
    upTo += inBucket;
    const bound = buckets.boundaries[i] ?? Number.POSITIVE_INFINITY;
    yield { ...named, part: 'bucket', bound, labels, value: upTo };
  }
}

function labelsOf(attributes: Readonly<Record<string, unknown>>): Labels {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [labelName(name), String(value)]),
  );
}
