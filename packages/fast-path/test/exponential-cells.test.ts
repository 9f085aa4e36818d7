import {
  AggregationType,
  type ExponentialHistogram,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { ExponentialValue } from '../src/cells/cells.ts';
import { ExponentialCells, FINEST_SCALE, MAX_BUCKETS } from '../src/cells/exponential-cells.ts';

class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

function cells(told: number[] = []): ExponentialCells {
  return new ExponentialCells(
    (value) => expect.unreachable(`${value} was refused`),
    (scale) => told.push(scale),
  );
}

function recorded(values: readonly number[]): ExponentialValue {
  const made = cells();
  for (const value of values) made.record(value);
  return made.value();
}

/** What the SDK makes of the values, with room for any scale. */
async function sdkRecorded(values: readonly number[]): Promise<ExponentialHistogram> {
  const reader = new ManualReader();
  const options = { recordMinMax: true, maxSize: 100_000 };
  const view = {
    instrumentName: '*',
    aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options },
  } as const;
  const histogram = new MeterProvider({ readers: [reader], views: [view] })
    .getMeter('test')
    .createHistogram('h');
  for (const value of values) histogram.record(value);
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value as ExponentialHistogram;
}

/** Counts by index at a scale, which halvings of a finer one lead to. */
function countsAt(scale: number, value: ExponentialValue | ExponentialHistogram): Record<number, number> {
  const counts: Record<number, number> = {};
  value.positive.bucketCounts.forEach((count, i) => {
    const index = (value.positive.offset + i) >> (value.scale - scale);
    if (count > 0) counts[index] = (counts[index] ?? 0) + count;
  });
  return counts;
}

/** Log-uniform, the same in every run. */
function spread(count: number, least: number, most: number): number[] {
  return Array.from({ length: count }, (_, i) => least * (most / least) ** (((i * 7919) % count) / count));
}

describe('buckets are those of the SDK', () => {
  it.each([
    ['latencies', spread(5000, 1e-5, 8)],
    ['bytes', spread(5000, 4099, 2.1e9)],
    ['powers of two, which are upper bounds', Array.from({ length: 20 }, (_, i) => 2 ** (i - 10))],
    ['zeros among others', [0, 1, 0, 2, 0]],
    ['one value', [0.3]],
  ])('%s', async (_, values) => {
    const [ours, theirs] = [recorded(values), await sdkRecorded(values)];
    expect(ours.scale).toBe(FINEST_SCALE);
    expect(countsAt(FINEST_SCALE, ours)).toEqual(countsAt(FINEST_SCALE, theirs));
    const { count, sum, min, max, zeroCount } = theirs;
    expect(ours).toMatchObject({ count, sum, min, max, zeroCount });
  });
});

it('the middle of a bucket is within 0.55 % of each of its values', () => {
  for (const value of spread(2000, 1e-6, 1e6)) {
    const { positive, scale } = recorded([value]);
    const [below, above] = [positive.offset, positive.offset + 1].map((index) => 2 ** (index / 2 ** scale));
    const middle = ((below as number) + (above as number)) / 2;
    expect(Math.abs(middle - value) / value).toBeLessThan(0.0055);
  }
});

it('becomes coarser when its values need more than 1,280 buckets, says so, and loses none', async () => {
  const told: number[] = [];
  const made = cells(told);
  // 64 buckets an octave: 20 octaves just fit, 40 need half the resolution, 160 an eighth.
  const steps = [spread(1000, 1.003, 7e5), spread(1000, 1.1e-6, 1.003), spread(1000, 1.3e-24, 5.7e23)];
  const scales = steps.map((values) => {
    for (const value of values) made.record(value);
    return made.value().scale;
  });
  expect(scales).toEqual([6, 5, 3]);
  expect(told.at(-1)).toBe(3);
  const value = made.value();
  expect(value.count).toBe(3000);
  expect(value.positive.bucketCounts.length).toBeLessThanOrEqual(MAX_BUCKETS);
  expect(countsAt(3, value)).toEqual(countsAt(3, await sdkRecorded(steps.flat())));
});

it('takes in cells of another scale either way, and begins at the finest again when cleared', () => {
  const [fine, coarse] = [cells(), cells()];
  fine.record(3);
  for (const value of [2 ** -30, 2 ** 30]) coarse.record(value);
  const all = recorded([3, 2 ** -30, 2 ** 30]);
  coarse.take(fine);
  expect(countsAt(4, coarse.value())).toEqual(countsAt(4, all));
  const other = cells();
  other.record(3);
  other.merge(coarse.value());
  expect([other.value().count, other.value().scale]).toEqual([4, coarse.value().scale]);
  other.clear();
  other.record(3);
  expect(other.value()).toEqual(recorded([3]));
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
  const refused: number[] = [];
  const made = new ExponentialCells(
    (each) => refused.push(each),
    () => undefined,
  );
  made.record(value);
  expect([refused, made.empty]).toEqual([[value], true]);
});
