import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockKey } from '../src/events.ts';
import { createKeyCheck, createKeyHash } from '../src/hash.ts';
import { BUILT, runModule } from './child-process.ts';
import { referenceHash, wordsOf } from './reference-hash.ts';

const SEEDS = [0, 1, 42, 0x7fffffff, 0x80000000, 0xffffffff];
const KEYS: readonly BlockKey[] = [
  ...[0, 1, 7, -1, 199_999, 0.1, 2 ** 31, 2 ** 53, -(2 ** 63), Number.MIN_VALUE, Number.POSITIVE_INFINITY],
  ...[0n, 1n, 7n, -1n, 1n << 32n, 1n << 63n, (1n << 64n) - 1n, 0x0123456789abcdefn],
  ...['', '7', 'block-17', 'ab', 'abc', '0x00ff', 'é', '\u{1f600}', '\ud800', 'x'.repeat(257)],
];

describe('definition', () => {
  test.each(SEEDS)('seed %i: the documented arithmetic gives the same hash', (seed) => {
    const hash = createKeyHash(seed);
    expect(KEYS.map(hash)).toEqual(KEYS.map((key) => referenceHash(key, seed)));
  });

  test('any key and seed', () => {
    const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const key = fc.oneof(
      fc.double({ noNaN: true }),
      fc.bigInt({ min: -(1n << 80n), max: 1n << 80n }),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(seed, key, (seed, key) => {
        expect(createKeyHash(seed)(key)).toBe(referenceHash(key, seed));
      }),
      { numRuns: 2000 },
    );
  });

  test('hash and check together give a number, or the low 64 bits of a bigint, back', () => {
    const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const number = fc.double({ noNaN: true }).map((key) => key + 0);
    const bigint = fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(seed, number, bigint, (seed, number, bigint) => {
        const [hash, check] = [createKeyHash(seed), createKeyCheck(seed)];
        const ofNumber = wordsOf(hash(number), check(number), seed, 1);
        const bytes = new DataView(new ArrayBuffer(8));
        bytes.setBigUint64(0, (ofNumber.high << 32n) | ofNumber.low);
        expect(bytes.getFloat64(0)).toBe(number);
        const ofBigint = wordsOf(hash(bigint), check(bigint), seed, 2);
        expect((ofBigint.high << 32n) | ofBigint.low).toBe(BigInt.asUintN(64, bigint));
      }),
    );
  });

  test('the check of a string is a hash of another seed', () => {
    const keys = KEYS.filter((key) => typeof key === 'string');
    expect(keys.map(createKeyCheck(5))).toEqual(keys.map(createKeyHash((5 ^ 0x9e3779b9) >>> 0)));
  });

  // Frozen: a change of these numbers changes which blocks every deployed process samples.
  test('known answers', () => {
    const hash = createKeyHash(0);
    expect([0, 7, 199_999, 0.1].map(hash)).toEqual([
      3_782_103_481, 3_379_906_158, 1_364_269_267, 2_868_150_005,
    ]);
    expect([0n, 7n, -1n, 0x0123456789abcdefn].map(hash)).toEqual([
      2_477_468_760, 658_917_855, 2_274_751_612, 1_975_881_479,
    ]);
    expect(['', '7', 'block-17', '0x00ff'].map(hash)).toEqual([
      55_115_836, 1_060_777_889, 3_346_307_717, 1_097_412_917,
    ]);
    expect([7, 7n, '7'].map(createKeyHash(4_294_967_295))).toEqual([
      3_985_011_100, 4_262_479_967, 1_462_975_144,
    ]);
  });
});

test('the number 7, the bigint 7n and the string "7" are three keys', () => {
  for (const seed of SEEDS) {
    const hash = createKeyHash(seed);
    expect(new Set([hash(7), hash(7n), hash('7')]).size).toBe(3);
  }
});

test('0 and -0 are one key', () => {
  const hash = createKeyHash(0);
  expect(hash(-0)).toBe(hash(0));
});

test('of a bigint the low 64 bits count', () => {
  const hash = createKeyHash(0);
  expect(hash((1n << 64n) + 7n)).toBe(hash(7n));
  expect(hash(-1n)).toBe(hash((1n << 64n) - 1n));
});

test('a whole number from 0 to 2^32 - 1', () => {
  const hash = createKeyHash(1);
  for (const key of KEYS) {
    expect(Number.isInteger(hash(key))).toBe(true);
    expect(hash(key)).toBeGreaterThanOrEqual(0);
    expect(hash(key)).toBeLessThan(2 ** 32);
  }
});

test('hashers of different seeds do not disturb each other', () => {
  const [a, b] = [createKeyHash(1), createKeyHash(2)];
  const alone = KEYS.map(a);
  const interleaved = KEYS.map((key) => {
    b(key);
    return a(key);
  });
  expect(interleaved).toEqual(alone);
});

test('another process gives the same answers', async () => {
  const text = `
    const { createKeyHash } = await import(process.argv.at(-1));
    const hash = createKeyHash(42);
    const keys = [...Array(1000).keys()];
    console.log(JSON.stringify(keys.map((i) => [hash(i), hash(BigInt(i)), hash('block-' + i)])));`;
  const there: unknown = JSON.parse(await runModule(text, BUILT.href));
  const hash = createKeyHash(42);
  const here = [...Array(1000).keys()].map((i) => [hash(i), hash(BigInt(i)), hash(`block-${i}`)]);
  expect(there).toEqual(here);
});
