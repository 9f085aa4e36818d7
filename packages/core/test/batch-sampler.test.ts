import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockKey } from '../src/events.ts';
import { createSampler, type Sampler } from '../src/sampling.ts';

/** Asks for all keys, slice by slice as subscribers do. */
function sampledPlaces(sampler: Sampler, keys: readonly BlockKey[], slice = 256): number[] {
  const places = new Uint32Array(slice);
  const all: number[] = [];
  for (let from = 0; from < keys.length; from += slice) {
    all.push(...places.subarray(0, sampler.sampleInto(keys, from, places)));
  }
  return all;
}

function placesOneByOne(sampler: Sampler, keys: readonly BlockKey[]): number[] {
  return keys.flatMap((key, place) => (sampler.sampled(key) ? [place] : []));
}

const numbers = Array.from({ length: 1000 }, (_, i) => i);
const BATCHES: Readonly<Record<string, readonly BlockKey[]>> = {
  numbers,
  fractions: numbers.map((i) => -i / 7),
  bigints: numbers.map((i) => BigInt(i) << 40n),
  'strings of one even length': numbers.map((i) => String(i).padStart(40, 'f')),
  'strings of one odd length': numbers.map((i) => String(i).padStart(41, 'f')),
  'strings of one length but for a few': numbers.map((i) => String(i).padStart(i % 8 === 5 ? 39 : 40, 'f')),
  'strings of all lengths': numbers.map((i) => 'x'.repeat(i)),
  'strings beyond latin1': numbers.map((i) => `${String.fromCharCode(i * 65)}\u{1f600}`),
  'a few long strings': numbers.slice(0, 5).map((i) => `${i}`.repeat(9000)),
  'types in turns': numbers.map((i) => [i, BigInt(i), `block-${i}`][i % 3] as BlockKey),
  'runs of each type': numbers.map((i) => [i, BigInt(i), `block-${i}`][Math.floor(i / 10) % 3] as BlockKey),
  'no keys': [],
};

describe.each(Object.entries(BATCHES))('%s', (_what, keys) => {
  test.each([0.3, 0.01, 1])('rate %d: those that are sampled one by one', (rate) => {
    const sampler = createSampler(rate, 42);
    expect(sampledPlaces(sampler, keys)).toEqual(placesOneByOne(sampler, keys));
    expect(sampledPlaces(sampler, keys, 7)).toEqual(placesOneByOne(sampler, keys));
  });
});

test('any batch', () => {
  const key = fc.oneof(
    fc.double(),
    fc.bigInt({ min: -(1n << 80n), max: 1n << 80n }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  // Mostly of one type, as batches are.
  const batch = fc.oneof(fc.array(key), fc.array(fc.string({ unit: 'binary' }), { minLength: 4 }));
  fc.assert(
    fc.property(batch, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (keys, seed) => {
      const sampler = createSampler(0.4, seed);
      expect(sampledPlaces(sampler, keys)).toEqual(placesOneByOne(sampler, keys));
    }),
    { numRuns: 200 },
  );
});

test('a threshold that is no whole number keeps the hashes below it', () => {
  // The hash of 0 with seed 0 is 3,782,103,481: at that rate it is the first one that is left out, a little higher the last.
  const places = new Uint32Array(3);
  for (const keys of [[0], [0, 0], [0, 0, 0]]) {
    expect(createSampler(3_782_103_481 / 2 ** 32, 0).sampleInto(keys, 0, places)).toBe(0);
    expect(createSampler(3_782_103_481.5 / 2 ** 32, 0).sampleInto(keys, 0, places)).toBe(keys.length);
  }
});
