import { describe, expect, it } from 'vitest';
import { histogramQuantile } from '../../src/evaluation/quantile.ts';

describe('histogramQuantile', () => {
  const boundaries = [1, 2, 4];

  it('is linear within the bucket of the rank', () => {
    // 10 values: 4 up to 1, 4 in (1, 2], 2 in (2, 4]. Rank 5 is a quarter into (1, 2]; rank 9 half into (2, 4].
    const counts = [4, 4, 2, 0];
    expect(histogramQuantile(0.5, { boundaries, counts })).toBe(1.25);
    expect(histogramQuantile(0.9, { boundaries, counts })).toBe(3);
    expect(histogramQuantile(0.2, { boundaries, counts })).toBe(0.5);
  });

  it('is the highest finite bound when the rank lies above it', () => {
    expect(histogramQuantile(0.99, { boundaries, counts: [1, 0, 0, 9] })).toBe(4);
  });

  it('is the bound itself in a first bucket that ends at 0', () => {
    expect(histogramQuantile(0.5, { boundaries: [0, 1], counts: [9, 1, 0] })).toBe(0);
  });

  it('is not a number without values', () => {
    expect(histogramQuantile(0.5, { boundaries, counts: [0, 0, 0, 0] })).toBeNaN();
    expect(histogramQuantile(0.5, { boundaries: [], counts: [] })).toBeNaN();
  });

  it('skips empty buckets', () => {
    expect(histogramQuantile(0.5, { boundaries, counts: [0, 0, 2, 0] })).toBe(3);
  });
});
