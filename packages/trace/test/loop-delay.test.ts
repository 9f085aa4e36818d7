import { createHistogram } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { loopFigures } from '../src/loop-delay.ts';

/** The monitor records each interval whole: 10 ms when nothing is late. In ms. */
function histogramOf(values: readonly number[]) {
  const histogram = createHistogram();
  for (const ms of values) histogram.record(Math.round(ms * 1e6));
  return histogram;
}

it('takes the monitor resolution off', () => {
  const { p50, p99, max } = loopFigures(histogramOf([...new Array(98).fill(11), 15, 30])) as {
    p50: number;
    p99: number;
    max: number;
  };
  // The histogram has three significant digits.
  expect(p50).toBeCloseTo(1, 1);
  expect(p99).toBeCloseTo(5, 1);
  expect(max).toBeCloseTo(20, 1);
});

it('shows one long stall among few samples in max and in the time above the threshold', () => {
  const figures = loopFigures(histogramOf([...new Array(99).fill(10), 510]));
  expect(figures?.max).toBeCloseTo(500, 0);
  expect(figures?.above).toBeGreaterThan(250);
  expect(figures?.above).toBeLessThan(1000);
});

it('has no figure below 0, and none at all of an empty histogram', () => {
  expect(loopFigures(histogramOf([9, 9.5]))).toMatchObject({ p50: 0, p99: 0, max: 0, above: 0 });
  expect(loopFigures(createHistogram())).toBeUndefined();
});
