import { createHash } from 'node:crypto';
import type { BlockKey } from '../src/events.ts';

/** As many keys of each shape as the uniformity tests want: what engines, stores and test programs use. */
export const KEYS_PER_SHAPE = 200_000;

type Shape = (i: number) => BlockKey;

/** SplitMix64 (Sebastiano Vigna, public domain): a repeatable sequence of well-mixed 64-bit words. */
function random64(i: number): bigint {
  let z = BigInt.asUintN(64, BigInt(i + 1) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

const digits = (i: number, base: number): string => i.toString(base).padStart(6, '0');

export const KEY_SHAPES: Readonly<Record<string, Shape>> = {
  'the numbers from 0': (i) => i,
  'the numbers from 2^40': (i) => 2 ** 40 + i,
  'numbers 4096 apart': (i) => i * 4096,
  'negative numbers': (i) => -1 - i,
  fractions: (i) => (i + 1) / 7,
  'random 53-bit numbers': (i) => Number(random64(i) >> 11n),
  'the bigints from 0': (i) => BigInt(i),
  'bigints with only the high word varying': (i) => BigInt(i) << 32n,
  'bigints of 1000 in the high word and 200 in the low one': (i) =>
    (BigInt(i % 1000) << 32n) | BigInt(Math.floor(i / 1000)),
  'random 64-bit bigints': random64,
  'random 64-bit bigints, signed': (i) => BigInt.asIntN(64, random64(i)),
  'strings like block-17': (i) => `block-${i}`,
  'decimal strings': (i) => String(i),
  'hex digests': (i) => createHash('sha256').update(String(i)).digest('hex'),
  '0x strings of 64 bits': (i) => `0x${random64(i).toString(16).padStart(16, '0')}`,
  '40 characters, only the last varying': (i) => `${'f'.repeat(34)}${digits(i, 10)}`,
  '40 characters, only the first varying': (i) => `${digits(i, 10)}${'0'.repeat(34)}`,
  '40 characters, only those in the middle varying': (i) =>
    `${'a'.repeat(17)}${digits(i, 16)}${'b'.repeat(17)}`,
  'strings of one code unit each, repeated': (i) => String.fromCharCode(i % 65_536).repeat(1 + (i >> 16)),
};
