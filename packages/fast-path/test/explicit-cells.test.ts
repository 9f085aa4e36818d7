import { BANDWIDTH, BYTES, COUNT, LATENCY, RESIDENCY, SHARE, WAIT } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { bucketTable } from '../src/bucket-table.ts';
import { ExplicitCells } from '../src/cells/explicit-cells.ts';

const BOUNDARIES = {
  LATENCY,
  WAIT,
  RESIDENCY,
  BYTES,
  BANDWIDTH,
  COUNT,
  SHARE,
  'more than a byte can count': Array.from({ length: 600 }, (_, i) => (i + 1) / 7),
  'below 0': [-10, -1, -0.5, 0, 3],
  none: [],
};

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);
/** The next float64 towards or away from 0. */
function beside(value: number, step: bigint): number {
  float[0] = value;
  bits[0] = (bits[0] as bigint) + step;
  return float[0] as number;
}

function bucketOf(boundaries: readonly number[], value: number): number {
  const refused: number[] = [];
  const cells = new ExplicitCells(bucketTable(boundaries), (each) => refused.push(each));
  cells.record(value);
  expect(refused).toEqual([]);
  return cells.value().buckets.counts.indexOf(1);
}

describe.each(Object.entries(BOUNDARIES))('%s', (_, boundaries) => {
  const values = [
    ...boundaries.flatMap((bound) => [bound, beside(bound, 1n), beside(bound || 1, -1n), -bound]),
    ...[0, -0, Number.MIN_VALUE, Number.MAX_VALUE, -1e300, 2 ** -1022, 1, 1 / 3],
    ...Array.from({ length: 300 }, (_, i) => 10 ** ((i - 150) / 12)),
  ];

  it('puts each value into the bucket whose upper bound is the first that is not below it', () => {
    for (const value of values) {
      const first = boundaries.findIndex((bound) => value <= bound);
      expect([value, bucketOf(boundaries, value)]).toEqual([value, first < 0 ? boundaries.length : first]);
    }
  });
});

it('adds up, keeps the extremes, and takes in other cells', () => {
  const table = bucketTable([1, 2]);
  const [a, b] = [new ExplicitCells(table, () => undefined), new ExplicitCells(table, () => undefined)];
  expect(a.empty).toBe(true);
  for (const value of [0.5, 1, 4]) a.record(value);
  for (const value of [2, 8]) b.record(value);
  a.take(b);
  a.merge(b.value());
  expect(a.value()).toEqual({
    count: 7,
    // 0.5 + 1 + 4 + 2 (2 + 8)
    sum: 25.5,
    min: 0.5,
    max: 8,
    buckets: { boundaries: [1, 2], counts: [2, 2, 3] },
  });
  a.clear();
  expect([a.empty, a.value().count, b.value().count]).toEqual([true, 0, 2]);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
  const refused: number[] = [];
  const cells = new ExplicitCells(bucketTable([1]), (each) => refused.push(each));
  cells.record(value);
  expect([refused, cells.empty]).toEqual([[value], true]);
});

it('does not merge what is not alike', () => {
  const cells = new ExplicitCells(bucketTable([1, 2]), () => undefined);
  const other = new ExplicitCells(bucketTable([1, 3]), () => undefined);
  expect(() => cells.merge(other.value())).toThrow('boundaries of a forwarded histogram');
  expect(() => cells.merge(7)).toThrow('one with explicit boundaries');
  expect(cells.empty).toBe(true);
});
