import { expect, it } from 'vitest';
import { counterRate, indexAfter } from '../../src/evaluation/counter-rate.ts';

const series = (...points: [number, number][]) => ({
  times: points.map(([time]) => time),
  values: points.map(([, value]) => value),
});

it('is the growth a second between the first and the last value, where they are at the ends of the range', () => {
  expect(counterRate(series([0, 10], [10, 40]), 0, 10)).toBe(3);
  expect(counterRate(series([0, 10], [4, 30], [10, 40]), 0, 10)).toBe(3);
});

it('a value below the one before it is a beginning anew from 0', () => {
  // 10 up to 15, then 0 up to 7.
  expect(counterRate(series([0, 10], [5, 15], [10, 7]), 0, 10)).toBeCloseTo((5 + 7) / 10, 12);
});

it('looks at no value outside the range, and at none that is not there', () => {
  const values = series([0, 0], [10, 100], [15, Number.NaN], [20, 120], [30, 900]);
  expect(counterRate(values, 10, 20)).toBe(2);
});

it('is extended to an end that is near, and by half an interval to one that is not', () => {
  // 1 a second from 100 on, one value each second from 10 to 20.
  const points = Array.from({ length: 11 }, (_, i): [number, number] => [10 + i, 100 + i]);
  expect(counterRate(series(...points), 9, 21)).toBe(1);
  // 10 in 10 s, half a second more at each end, over 30 s.
  expect(counterRate(series(...points), 0, 30)).toBeCloseTo(11 / 30, 12);
});

it('is not extended to before the counter was 0', () => {
  // 2 a second; it was 0 half a second before the first value.
  expect(counterRate(series([10, 1], [20, 21]), 0, 20)).toBeCloseTo((20 * 10.5) / 10 / 20, 12);
});

it('has no answer with fewer than two values', () => {
  expect(counterRate(series([0, 10], [10, 40]), 5, 20)).toBeNaN();
  expect(counterRate(series(), 0, 10)).toBeNaN();
});

it('finds the first time after another', () => {
  expect([0, 1, 1.5, 3, 9].map((time) => indexAfter([1, 2, 3], time))).toEqual([0, 1, 1, 3, 3]);
});
