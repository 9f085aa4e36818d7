import { describe, expect, test } from 'vitest';
import type { BlockKey } from '../src/events.ts';
import { createKeyHash } from '../src/hash.ts';
import { createSampler, DEFAULT_SAMPLE_RATE, DEFAULT_SAMPLE_SEED } from '../src/sampling.ts';
import { BUILT, runModule } from './child-process.ts';

const NUMBERS = Array.from({ length: 20_000 }, (_, i) => i);
const KEYS: readonly BlockKey[] = [...NUMBERS, ...NUMBERS.map(BigInt), ...NUMBERS.map((i) => `block-${i}`)];

describe('which keys are sampled', () => {
  test('those whose hash is below rate * 2^32', () => {
    const hash = createKeyHash(7);
    const sampler = createSampler(0.25, 7);
    expect(KEYS.filter((key) => sampler.sampled(key))).toEqual(KEYS.filter((key) => hash(key) < 2 ** 30));
    expect(KEYS.map(sampler.hash)).toEqual(KEYS.map(hash));
  });

  test('what is sampled at a rate is sampled at every higher one', () => {
    const rates = [0.001, 0.01, 0.1, 0.5, 1];
    const kept = rates.map((rate) => new Set(KEYS.filter(createSampler(rate, 3).sampled)));
    for (const [i, set] of kept.entries()) {
      const higher = kept[i + 1];
      if (higher === undefined) continue;
      expect(set.size).toBeLessThan(higher.size);
      expect([...set].every((key) => higher.has(key))).toBe(true);
    }
  });

  test('all of them at a rate of 1', () => {
    expect(KEYS.every(createSampler(1).sampled)).toBe(true);
  });

  test('next to none at a rate of 1e-9, which is legal', () => {
    expect(KEYS.filter(createSampler(1e-9).sampled)).toEqual([]);
  });

  test('the same ones each time a key is asked for', () => {
    const { sampled } = createSampler(0.01);
    const first = KEYS.filter(sampled);
    expect(KEYS.filter(sampled)).toEqual(first);
    expect(KEYS.filter(createSampler(0.01).sampled)).toEqual(first);
  });

  test('the same ones in another process', async () => {
    const text = `
      const { createSampler } = await import(process.argv.at(-1));
      const { sampled } = createSampler(0.01, 42);
      const numbers = [...Array(20_000).keys()];
      const kept = (key) => numbers.filter((i) => sampled(key(i)));
      console.log(JSON.stringify([kept((i) => i), kept(BigInt), kept((i) => 'block-' + i)]));`;
    const { sampled } = createSampler(0.01, 42);
    const kept = (key: (i: number) => BlockKey) => NUMBERS.filter((i) => sampled(key(i)));
    const here = [kept((i) => i), kept(BigInt), kept((i) => `block-${i}`)];
    expect(JSON.parse(await runModule(text, BUILT.href))).toEqual(here);
    expect(new Set(here.map(String)).size).toBe(3);
  });
});

test('without options: a rate of 0.01 and seed 0', () => {
  const sampler = createSampler();
  expect([sampler.rate, sampler.seed]).toEqual([0.01, 0]);
  expect([DEFAULT_SAMPLE_RATE, DEFAULT_SAMPLE_SEED]).toEqual([0.01, 0]);
});

describe('refuses', () => {
  test.each([
    [0, '0'],
    [-0.1, '-0.1'],
    [1.000001, '1.000001'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['0.5' as unknown as number, "'0.5'"],
    [null as unknown as number, 'null'],
  ])('a rate of %s', (rate, shown) => {
    expect(() => createSampler(rate)).toThrow(RangeError);
    expect(() => createSampler(rate)).toThrow(`sampleRate is ${shown}; allowed: above 0 and at most 1`);
  });

  test.each([
    [-1, '-1'],
    [0.5, '0.5'],
    [2 ** 32, '4294967296'],
    [Number.NaN, 'NaN'],
    ['1' as unknown as number, "'1'"],
  ])('a seed of %s', (seed, shown) => {
    expect(() => createSampler(0.01, seed)).toThrow(RangeError);
    expect(() => createSampler(0.01, seed)).toThrow(
      `sampleSeed is ${shown}; allowed: a whole number from 0 to 4294967295`,
    );
  });
});
