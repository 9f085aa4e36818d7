import { describe, expect, test } from 'vitest';
import * as boundaries from '../../src/metrics/boundaries.ts';

describe.each(Object.entries(boundaries))('%s', (_, bounds) => {
  test('ascends, is finite and cannot be changed', () => {
    expect(bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] as number))).toBe(true);
    expect(bounds.every(Number.isFinite)).toBe(true);
    expect(Object.isFrozen(bounds)).toBe(true);
  });
});

test('LATENCY: 1-2-5 steps from 10 us to 10 s, each the nearest float', () => {
  expect(boundaries.LATENCY).toEqual([
    0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
    1, 2, 5, 10,
  ]);
});

test('RESIDENCY: from 1 ms to an hour; the default evict-reuse window is one of its bounds', () => {
  expect(boundaries.RESIDENCY).toHaveLength(22);
  expect([boundaries.RESIDENCY[0], boundaries.RESIDENCY.at(-1)]).toEqual([0.001, 3600]);
  expect(boundaries.RESIDENCY).toContain(300);
});

test('COUNT: none has a bucket of its own, then powers of two', () => {
  expect(boundaries.COUNT).toEqual([0, ...Array.from({ length: 11 }, (_, i) => 2 ** i)]);
});
