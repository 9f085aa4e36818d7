import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addDistributions,
  Distribution,
  EMPTY,
  PRECISION,
  quantileOf,
} from '../src/aggregation/distribution.ts';

function of(values: readonly number[]) {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution.state();
}

/** From a nanosecond to an hour, in ms. */
const value = fc.double({ min: 1e-6, max: 3.6e6, noNaN: true });

it('has the count, sum, least and largest of its values', () => {
  expect(of([1, 2, 4])).toMatchObject({ count: 3, sum: 7, min: 1, max: 4 });
});

it('gives quantiles within its precision of the exact ones, and never outside of least and largest', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(0.5, 0.99, 1), (values, quantile) => {
      const exact = [...values].sort((a, b) => a - b)[Math.ceil(quantile * values.length) - 1] as number;
      const found = quantileOf(of(values), quantile);
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * PRECISION * (1 + 1e-9));
      expect(found).toBeGreaterThanOrEqual(Math.min(...values));
      expect(found).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

it('adds up to what one that saw all values has', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e6)), fc.array(fc.nat(1e6)), (a, b) => {
      expect(addDistributions(of(a), of(b))).toEqual(of([...a, ...b]));
    }),
  );
});

it('counts a value as often as it stands for', () => {
  const weighted = new Distribution();
  weighted.add(3, 4);
  expect(weighted.state()).toEqual(of([3, 3, 3, 3]));
});

it('takes zero and what is beyond its range, and is not a number when it is empty', () => {
  expect(quantileOf(of([0, 0]), 0.99)).toBe(0);
  expect(quantileOf(of([1e9]), 0.5)).toBe(1e9);
  expect(quantileOf(EMPTY, 0.5)).toBeNaN();
});
