import type { BlockKey } from '../src/events.ts';

/*
 * The key hash again, from the definition at the head of hash.ts alone: arithmetic on bigints modulo 2^32, nothing
 * taken over from the fast one.
 */

const RANGE = 1n << 32n;
const word = (value: bigint): bigint => ((value % RANGE) + RANGE) % RANGE;
const rotl = (value: bigint, bits: bigint): bigint => word(value << bits) | (value >> (32n - bits));

function mix(value: bigint): bigint {
  let h = value;
  h = word((h ^ (h >> 16n)) * 0x21f0aaadn);
  h = word((h ^ (h >> 15n)) * 0x735a2d97n);
  return h ^ (h >> 15n);
}

function start(seed: bigint, type: bigint): bigint {
  return mix(word(mix(seed ^ type) + type));
}

/** The words of a number or bigint, from its hash and its high word: each step of the hash backwards. */
export function wordsOf(
  hash: number,
  high: number,
  seed: number,
  type: 1 | 2,
): { low: bigint; high: bigint } {
  const from = start(BigInt(seed), BigInt(type));
  const mixed = unmix(BigInt(hash));
  return { low: word(mixed - (BigInt(high) ^ from) * 0x9e3779b1n), high: BigInt(high) };
}

function unmix(value: bigint): bigint {
  let h = value;
  h ^= (h >> 15n) ^ (h >> 30n);
  h = word(h * inverse(0x735a2d97n));
  h ^= (h >> 15n) ^ (h >> 30n);
  h = word(h * inverse(0x21f0aaadn));
  return h ^ (h >> 16n);
}

/** Of an odd number modulo 2^32: each of Newton's steps doubles the bits that are right, of which there are 3 at first. */
function inverse(odd: bigint): bigint {
  let x = odd;
  for (let bits = 3; bits < 32; bits *= 2) x = word(x * (2n - odd * x));
  return x;
}

function ofWords(low: bigint, high: bigint, from: bigint): bigint {
  return mix(word(low + (high ^ from) * 0x9e3779b1n));
}

function ofNumber(key: number, from: bigint): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, key === 0 ? 0 : key);
  return ofWords(BigInt(bytes.getUint32(4)), BigInt(bytes.getUint32(0)), from);
}

function ofBigint(key: bigint, from: bigint): bigint {
  const bits = BigInt.asUintN(64, key);
  return ofWords(bits % RANGE, bits / RANGE, from);
}

function ofString(key: string, from: bigint): bigint {
  let h = from;
  for (let i = 0; i < key.length; i += 2) {
    const low = BigInt(key.charCodeAt(i));
    const high = i + 1 < key.length ? BigInt(key.charCodeAt(i + 1)) : 0n;
    const w = low + high * 65536n;
    const folded = word(rotl(word(w * 0xcc9e2d51n), 15n) * 0x1b873593n);
    h = word(rotl(h ^ folded, 13n) * 5n + 0xe6546b64n);
  }
  return mix(h ^ BigInt(key.length));
}

export function referenceHash(key: BlockKey, seed: number): number {
  if (typeof key === 'number') return Number(ofNumber(key, start(BigInt(seed), 1n)));
  if (typeof key === 'bigint') return Number(ofBigint(key, start(BigInt(seed), 2n)));
  return Number(ofString(key, start(BigInt(seed), 3n)));
}
