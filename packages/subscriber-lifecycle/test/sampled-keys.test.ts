import { type BlockKey, createSampler } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { SampledKeys, SLICE, tierNumber } from '../src/sampled-keys.ts';

/** The keys as they are tracked. */
function identities(keys: readonly BlockKey[], tier = 0): string[] {
  const sampled = new SampledKeys(createSampler(1));
  const all: string[] = [];
  for (let from = 0; from < keys.length; from += SLICE) {
    const count = sampled.take(keys, from, tier);
    for (let i = 0; i < count; i++) all.push(`${sampled.identity[i]} ${sampled.high[i]} ${sampled.low[i]}`);
  }
  return all;
}

const distinct = (keys: readonly BlockKey[]) => new Set(identities(keys)).size;
const wide = 2n ** 64n;

describe('keys that are not equal are not one', () => {
  it.each([
    ['a number, a bigint and a string', [7, 7n, '7']],
    ['numbers', [0, 0.1, -1, 2 ** 53, Number.MIN_VALUE, Number.POSITIVE_INFINITY]],
    ['bigints of the same 64 bits', [7n, 7n + wide, 7n - wide, -1n, wide - 1n, 2n ** 63n, -(2n ** 63n)]],
    ['a bigint of more bits and its digits', [wide, wide.toString(16), wide.toString()]],
    ['strings', ['', '\0', '\0\0', 'ab', 'ba', 'é', '\u{1f600}', '\ud83d', 'a'.repeat(40), 'a'.repeat(41)]],
  ])('%s', (_what, keys) => {
    expect(distinct(keys as BlockKey[])).toBe((keys as BlockKey[]).length);
  });

  it('100,000 strings of each of three shapes', () => {
    for (const shape of [
      (i: number) => `block-${i}`,
      (i: number) => i.toString(16).padStart(40, '0'),
      (i: number) => `${'0'.repeat(40)}${i}`,
    ]) {
      expect(distinct(Array.from({ length: 100_000 }, (_, i) => shape(i)))).toBe(100_000);
    }
  });
});

it('each half of a fingerprint is uniform on its own', () => {
  const keys = Array.from({ length: 65_536 }, (_, i) => `0x${i.toString(16).padStart(64, '0')}`);
  const tracked = identities(keys).map((identity) => identity.split(' ').map(Number));
  for (const half of [1, 2]) {
    const counts = new Array<number>(256).fill(0);
    for (const words of tracked) {
      const byte = (words[half] as number) & 0xff;
      counts[byte] = (counts[byte] as number) + 1;
    }
    // Chi-square of 255 degrees of freedom: mean 255, standard deviation 22.6.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
    expect(chiSquare).toBeLessThan(255 + 6 * 22.6);
    expect(chiSquare).toBeGreaterThan(255 - 6 * 22.6);
  }
});

it('0 and -0 are one key', () => {
  expect(distinct([0, -0])).toBe(1);
});

it('tells the tier', () => {
  const [identity] = identities([7n], 3071);
  expect(tierNumber(Number(identity?.split(' ')[0]))).toBe(3071);
  expect(identities([7], 1)).not.toEqual(identities([7], 2));
});
