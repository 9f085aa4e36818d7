import { expect, it } from 'vitest';
import { type ScrapedValue, ScrapeRecording } from '../../src/recording/scrape-recording.ts';

const stores = (value: number, labels = {}): ScrapedValue => ({
  metric: 'kv_cache.stores',
  labels,
  value,
  grows: true,
});
const resident = (value: number): ScrapedValue => ({
  metric: 'kv_cache.block.usage',
  labels: {},
  value,
  grows: false,
});
const valuesOf = (recording: ScrapeRecording, metric: string) =>
  recording.series(metric).map(({ values }) => [...values]);

it('keeps a value of each series for each scrape, and none where a scrape had none', () => {
  const recording = new ScrapeRecording();
  recording.add(1, [stores(5), resident(7)]);
  recording.add(2, [stores(6)]);
  expect(recording.times).toEqual([1, 2]);
  expect(valuesOf(recording, 'kv_cache.stores')).toEqual([[5, 6]]);
  expect(valuesOf(recording, 'kv_cache.block.usage')).toEqual([[7, Number.NaN]]);
});

it('a counter that comes to be was 0 at the scrape before, a gauge was not there', () => {
  const recording = new ScrapeRecording();
  recording.add(1, []);
  recording.add(2, [stores(5), resident(7)]);
  expect(valuesOf(recording, 'kv_cache.stores')).toEqual([[0, 5]]);
  expect(valuesOf(recording, 'kv_cache.block.usage')).toEqual([[Number.NaN, 7]]);
  const asPrometheus = new ScrapeRecording({ countFromBirth: false });
  asPrometheus.add(1, []);
  asPrometheus.add(2, [stores(5)]);
  expect(valuesOf(asPrometheus, 'kv_cache.stores')).toEqual([[Number.NaN, 5]]);
});

it('is thinned evenly when it is full, with its first and its newest scrape, however long it goes on', () => {
  const recording = new ScrapeRecording({ maxScrapes: 16 });
  for (let time = 0; time <= 1000; time++) {
    recording.add(time, [stores(3 * time)]);
    expect(recording.times.length).toBeLessThanOrEqual(16);
  }
  const { times } = recording;
  expect([times[0], times.at(-1)]).toEqual([0, 1000]);
  expect(times.length).toBeGreaterThan(8);
  // But for the last, which stands in for the next, all are equally far apart.
  const gaps = new Set(times.slice(1, -1).map((time, i) => time - (times[i] as number)));
  expect(gaps.size).toBe(1);
  expect(valuesOf(recording, 'kv_cache.stores')).toEqual([times.map((time) => 3 * time)]);
});

it('a scrape that is not after the last is refused', () => {
  const recording = new ScrapeRecording();
  expect([2, 2, 1, Number.NaN, 3].map((time) => recording.add(time, []))).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
  expect(recording.times).toEqual([2, 3]);
});

it('series above the limit are counted and left out', () => {
  const recording = new ScrapeRecording({ maxSeries: 2 });
  for (const time of [1, 2]) {
    recording.add(
      time,
      ['a', 'b', 'c'].map((name) => stores(time, { name })),
    );
  }
  expect([recording.seriesCount, recording.refused]).toEqual([2, 2]);
  expect(valuesOf(recording, 'kv_cache.stores')).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it('refuses limits that are none', () => {
  expect(() => new ScrapeRecording({ maxScrapes: 3 })).toThrow(/maxScrapes.*3/);
  expect(() => new ScrapeRecording({ maxSeries: 0 })).toThrow(/maxSeries.*0/);
});
