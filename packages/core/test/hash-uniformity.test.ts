import { beforeAll, describe, expect, test } from 'vitest';
import type { BlockKey } from '../src/events.ts';
import { createKeyHash } from '../src/hash.ts';
import { createSampler } from '../src/sampling.ts';
import { KEY_SHAPES, KEYS_PER_SHAPE } from './key-shapes.ts';

const SEEDS = [0, 1, 42, 0xffffffff];
const RATE = 0.01;
const SIGMA = Math.sqrt(KEYS_PER_SHAPE * RATE * (1 - RATE));
const BUCKETS = 256;
/** Chi-square with 255 degrees of freedom exceeds this with a probability of 1e-6. */
const CHI_SQUARE_LIMIT = 371;

function chiSquare(counts: Uint32Array): number {
  const expected = KEYS_PER_SHAPE / BUCKETS;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe.each(Object.entries(KEY_SHAPES))('%s', (_, shape) => {
  let keys: readonly BlockKey[] = [];
  beforeAll(() => {
    keys = Array.from({ length: KEYS_PER_SHAPE }, (_, i) => shape(i));
    return () => {
      keys = [];
    };
  });

  test.each(SEEDS)('seed %i: a rate of 0.01 keeps 2,000 +- 4 sigma of 200,000', (seed) => {
    const { sampled } = createSampler(RATE, seed);
    const kept = keys.reduce((count: number, key) => count + Number(sampled(key)), 0);
    expect(Math.abs(kept - KEYS_PER_SHAPE * RATE)).toBeLessThanOrEqual(4 * SIGMA);
  });

  test.each(SEEDS)('seed %i: the high and the low bits fill 256 buckets evenly', (seed) => {
    const hash = createKeyHash(seed);
    const high = new Uint32Array(BUCKETS);
    const low = new Uint32Array(BUCKETS);
    for (const key of keys) {
      const h = hash(key);
      high[h >>> 24] = (high[h >>> 24] as number) + 1;
      low[h & 255] = (low[h & 255] as number) + 1;
    }
    expect(chiSquare(high)).toBeLessThan(CHI_SQUARE_LIMIT);
    expect(chiSquare(low)).toBeLessThan(CHI_SQUARE_LIMIT);
  });

  test('another seed samples other keys', () => {
    const [a, b] = [createSampler(0.1, 0), createSampler(0.1, 1)];
    const both = keys.filter((key) => a.sampled(key) && b.sampled(key)).length;
    // Independent choices at 0.1 each agree on a share of 0.01.
    expect(Math.abs(both - KEYS_PER_SHAPE * 0.01)).toBeLessThanOrEqual(4 * SIGMA);
  });
});
