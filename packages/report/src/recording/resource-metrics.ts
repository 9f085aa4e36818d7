import { grows, labelName } from '@kvscope/dashboards';
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Labels } from '../answers.js';
import { DECLARATIONS } from './names.js';
import type { ScrapedValue } from './scrape-recording.js';

/** The values of a collection of the OTel SDK, as a scrape of it would have them; metrics of others are left out. */
export function* valuesOf({ scopeMetrics }: ResourceMetrics): Generator<ScrapedValue> {
  for (const { descriptor, dataPointType, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    const declaration = DECLARATIONS.get(descriptor.name);
    if (declaration === undefined) continue;
    const named = { metric: descriptor.name, grows: grows(declaration) };
    for (const point of dataPoints) {
      const labels = labelsOf(point);
      if (dataPointType === DataPointType.HISTOGRAM) {
        yield* histogramValues(named, labels, point.value as Histogram);
      } else if (dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) {
        yield { ...named, labels, value: point.value as number };
      }
    }
  }
}

function* histogramValues(
  named: Pick<ScrapedValue, 'metric' | 'grows'>,
  labels: Labels,
  { count, sum = 0, buckets }: Histogram,
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

function labelsOf({ attributes }: DataPoint<unknown>): Labels {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [labelName(name), String(value)]),
  );
}
