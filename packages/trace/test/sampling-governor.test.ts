import { expect, it } from 'vitest';
import { SamplingGovernor } from '../src/drain/sampling-governor.ts';

const ticks = (governor: SamplingGovernor, count: number, dropped = 0, fill = 0) =>
  Array.from({ length: count }, () => governor.tick(dropped, fill));

it('halves the sample at each tick under pressure, down to 1/256', () => {
  const governor = new SamplingGovernor();
  expect(ticks(governor, 10, 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 8, 8]);
});

it('doubles it after ten clean ticks, up to all', () => {
  const governor = new SamplingGovernor();
  ticks(governor, 2, 0, 0.9);
  expect(ticks(governor, 9)).toEqual(new Array(9).fill(2));
  expect(ticks(governor, 11)).toEqual([...new Array(10).fill(1), 0]);
  expect(ticks(governor, 20)).toEqual(new Array(20).fill(0));
});

it('begins to count clean ticks anew after pressure', () => {
  const governor = new SamplingGovernor();
  ticks(governor, 1, 5);
  ticks(governor, 9);
  governor.tick(1, 0);
  expect(ticks(governor, 9).at(-1)).toBe(2);
});
