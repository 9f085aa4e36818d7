import { describe, expect, test } from 'vitest';
import { intervalMs, requireAmount, requirePart } from '../src/event-checks.ts';

describe('amounts', () => {
  test.each([0, 1, 1.5, Number.MAX_VALUE])('%d is one', (value) => {
    expect(() => requireAmount('io.finished: bytes', value)).not.toThrow();
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is none', (value) => {
    expect(() => requireAmount('io.finished: bytes', value)).toThrow(
      new RangeError(`io.finished: bytes is ${value}; allowed: a finite number from 0 up`),
    );
  });
});

describe('intervals', () => {
  test('are in milliseconds, also empty ones and fractions', () => {
    expect(intervalMs('e', 10, 10)).toBe(0);
    expect(intervalMs('e', -1, 0.5)).toBe(1.5);
  });

  test.each([
    [10, 9],
    [Number.NaN, 10],
    [10, Number.NaN],
    [10, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, 10],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('do not run from %d to %d', (start, end) => {
    expect(() => intervalMs('io.finished', start, end)).toThrow(
      `io.finished runs from ${start} to ${end}; allowed: finite times, the start not after the end`,
    );
  });
});

test('a part is not more than the whole', () => {
  expect(() => requirePart('hits', 5, 5)).not.toThrow();
  expect(() => requirePart('hits', 0, 0)).not.toThrow();
  expect(() => requirePart('hits', 6, 5)).toThrow('hits is 6; allowed: a number from 0 to the whole, 5');
  expect(() => requirePart('hits', -1, 5)).toThrow('hits is -1');
  expect(() => requirePart('hits', Number.NaN, 5)).toThrow('hits is NaN');
});
