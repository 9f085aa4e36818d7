import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, bucketsAt, Distances, EXACT_BELOW, RESOLUTION } from '../src/distances.ts';

function counted(distances: readonly number[], shift = 0) {
  const counts = new Float64Array(bucketsAt(shift) + 1);
  for (const distance of distances) {
    const bucket = bucketOf(distance) >>> shift;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  counts[bucketsAt(shift)] = distances.length;
  return new Distances(counts, shift);
}

describe('the weight below a capacity', () => {
  it('is exact as long as each distance has a bucket of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400)), fc.nat(EXACT_BELOW), (distances, capacity) => {
        const expected = distances.filter((distance) => distance < capacity).length;
        expect(counted(distances).below(capacity)).toBe(expected);
      }),
    );
  });

  it('is off by no distance that is further away than a bucket is wide', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 30)), fc.integer({ min: 1, max: 2 ** 30 }), (distances, capacity) => {
        const below = (limit: number) => distances.filter((distance) => distance < limit).length;
        const weight = counted(distances).below(capacity);
        expect(weight).toBeGreaterThanOrEqual(below(capacity * (1 - RESOLUTION)));
        expect(weight).toBeLessThanOrEqual(below(capacity * (1 + RESOLUTION) + 1));
      }),
    );
  });

  it('is linear within a bucket: of 1,000 to 1,003 blocks a quarter for each', () => {
    const counts = counted([1000, 1001, 1002, 1003, 1004]);
    expect([1000, 1001, 1002, 1003, 1004].map((capacity) => counts.below(capacity))).toEqual([0, 1, 2, 3, 4]);
    expect(counted([1003, 1003, 1003, 1003]).below(1001)).toBe(1);
  });

  it('has no first reference in it, whatever the capacity', () => {
    const counts = counted([5, Number.POSITIVE_INFINITY]);
    expect([counts.below(2 ** 30), counts.total]).toEqual([1, 2]);
  });

  it('of coarser buckets is the same at the edges of these', () => {
    const distances = Array.from({ length: 3000 }, (_, i) => (i * i) % 4096);
    for (const edge of [8, 64, 128, 256, 512, 1024, 2048]) {
      expect(counted(distances, 3).below(edge)).toBe(counted(distances).below(edge));
    }
  });
});
