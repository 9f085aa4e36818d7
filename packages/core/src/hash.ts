import type { BlockKey } from './events.js';

/*
 * The key hash, version 1. It decides which blocks are sampled, so its definition never changes: every process,
 * replica and restart must give the same answer.
 *
 *   mix(h)          h ^= h >>> 16; h *= 0x21f0aaad; h ^= h >>> 15; h *= 0x735a2d97; h ^= h >>> 15   (all modulo 2^32)
 *   start(seed, t)  mix(mix(seed ^ t) + t), t = 1 for a number, 2 for a bigint, 3 for a string
 *   words(lo, hi)   mix(lo + (hi ^ start) * 0x9e3779b1)
 *   number          words of its IEEE 754 double (-0 counts as 0)
 *   bigint          words of its low 64 bits in two's complement
 *   string          its UTF-16 code units, two a word (first one low), each word w folded by
 *                   h = rotl(h ^ rotl(w * 0xcc9e2d51, 15) * 0x1b873593, 13) * 5 + 0xe6546b64; then mix(h ^ length)
 *
 * The two multipliers of `mix` are those that Chris Wellons' hash prospector found; 0x9e3779b1 is 2^32 over the
 * golden ratio, made odd; the string fold is that of MurmurHash3 x86_32 (Austin Appleby, public domain).
 */

const float = new Float64Array(1);
const big = new BigUint64Array(float.buffer);
const words = new Int32Array(float.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LOW = LITTLE_ENDIAN ? 0 : 1;
const HIGH = 1 - LOW;

export type KeyHash = (key: BlockKey) => number;

/**
 * A stable, mixed 32-bit hash over keys.
 * @param seed a whole number from 0 to 2^32 - 1
 * @returns a function from a key to a whole number from 0 to 2^32 - 1
 */
export function createKeyHash(seed: number): KeyHash {
  const { numberStart, bigintStart, stringStart } = hashStarts(seed);
  return (key) => {
    if (typeof key === 'number') return lastStep(stirNumber(key, numberStart)) >>> 0;
    if (typeof key === 'bigint') return lastStep(stirBigint(key, bigintStart)) >>> 0;
    return hashString(key, stringStart) >>> 0;
  };
}

/**
 * 32 bits more of a key, for whoever keeps its hash instead of the key. Hash and check together are as good as a number, or
 * as the low 64 bits of a bigint: each pair stands for one of them. The check of a string is a second hash. Unlike a hash, a
 * check is not mixed.
 * @param seed that of the hash
 */
export function createKeyCheck(seed: number): KeyHash {
  const { stringStart } = hashStarts((seed ^ 0x9e3779b9) >>> 0);
  return (key) => {
    if (typeof key === 'string') return hashString(key, stringStart) >>> 0;
    if (typeof key === 'number') float[0] = key + 0;
    else big[0] = key;
    return (words[HIGH] as number) >>> 0;
  };
}

/** What the hashes of each type of key begin with. */
export function hashStarts(seed: number) {
  const start = (type: number) => mix((mix(seed ^ type) + type) | 0);
  return { numberStart: start(1), bigintStart: start(2), stringStart: start(3) };
}

function mix(value: number): number {
  return lastStep(stir(value));
}

/** All of {@link mix} but its last step. */
function stir(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  return Math.imul(h ^ (h >>> 15), 0x735a2d97);
}

/** The last step of {@link mix}. It leaves the upper 15 bits as they are: they alone tell of most keys that they are too great. */
export function lastStep(h: number): number {
  return h ^ (h >>> 15);
}

// The functions below give the hash as a signed integer; those that stir lack its last step.

export function stirNumber(key: number, from: number): number {
  // -0 + 0 is 0, and any other number stays what it is.
  float[0] = key + 0;
  return stirWords(from);
}

export function stirBigint(key: bigint, from: number): number {
  big[0] = key;
  return stirWords(from);
}

function stirWords(from: number): number {
  return stir(((words[LOW] as number) + Math.imul((words[HIGH] as number) ^ from, 0x9e3779b1)) | 0);
}

export function hashString(key: string, from: number): number {
  const length = key.length;
  let h = from;
  let i = 0;
  for (; i + 1 < length; i += 2) h = fold(h, key.charCodeAt(i) | (key.charCodeAt(i + 1) << 16));
  if (i < length) h = fold(h, key.charCodeAt(i));
  return mix(h ^ length);
}

function fold(h: number, word: number): number {
  let w = Math.imul(word, 0xcc9e2d51);
  w = (w << 15) | (w >>> 17);
  let folded = h ^ Math.imul(w, 0x1b873593);
  folded = (folded << 13) | (folded >>> 19);
  return (Math.imul(folded, 5) + 0xe6546b64) | 0;
}

/** The hash of a string whose code units lie in an array, two a word with the first one low, from word `first` on. */
export function hashFetched(pairs: Uint32Array, first: number, length: number, from: number): number {
  const end = first + (length >>> 1);
  let h = from;
  for (let i = first; i < end; i++) h = fold(h, pairs[i] as number);
  if (length % 2 === 1) h = fold(h, (pairs[end] as number) & 0xffff);
  return mix(h ^ length);
}

/** Where {@link hashTwoFetched} leaves the hashes. */
export const two = new Int32Array(2);

/**
 * As {@link hashFetched}, for two strings of one length. Each step of a hash waits for the one before it: meanwhile that
 * of the other string is done.
 */
export function hashTwoFetched(
  pairs: Uint32Array,
  first: number,
  second: number,
  length: number,
  from: number,
): void {
  const whole = length >>> 1;
  let h = from;
  let g = from;
  for (let i = 0; i < whole; i++) {
    h = fold(h, pairs[first + i] as number);
    g = fold(g, pairs[second + i] as number);
  }
  if (length % 2 === 1) {
    h = fold(h, (pairs[first + whole] as number) & 0xffff);
    g = fold(g, (pairs[second + whole] as number) & 0xffff);
  }
  two[0] = mix(h ^ length);
  two[1] = mix(g ^ length);
}
