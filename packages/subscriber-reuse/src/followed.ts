import type { BlockKey, KeyHash } from '@kvscope/core';
import type { HotKeys } from './hot-keys.js';
import type { SampledStack } from './sampled-stack.js';

/** Keys that are looked at before the first of them is followed, and references that wait to be, give or take as many. */
export const PART = 256;

/** The distance of a block that was not there: it lies below all that are. */
export const FAR = 2 ** 31 - 1;
/** The distance of a reference of which nothing is known. */
export const UNKNOWN = -1;

const SIGN = 2 ** 31;

/**
 * References to sampled and to hot keys, in their order: few of those of an event. They wait here for those of further
 * events, since a loop over a handful of them ends at a time that a processor cannot guess.
 *
 * What is to be done with keys is done in steps, each a loop of its own: it holds what it needs in registers, and does
 * not wait for the memory that the one before it asked for.
 */
export class Followed {
  /** A hash and a check stand for a key; the second one is needed of few. */
  readonly hashes = new Int32Array(2 * PART);
  readonly checks = new Int32Array(2 * PART);
  /** 1 where the key is hot. */
  readonly hot = new Uint8Array(2 * PART);
  /** 1 where its block is followed as a hot one. */
  readonly asHot = new Uint8Array(2 * PART);
  /** Sampled blocks that lay above each, {@link FAR} or {@link UNKNOWN}. */
  readonly distances = new Int32Array(2 * PART);
  /** How many there are, to be set to 0 when they were followed: there is room for a part as long as it is below one. */
  size = 0;
  /** Of no meaning: written so that what is touched is read. */
  touched = 0;

  /** Of a part of an event: the hash of each key, and at which keys there are hashes that are followed. */
  readonly #ofPart = new Int32Array(PART);
  readonly #places = new Uint16Array(PART);
  readonly #hash: KeyHash;
  readonly #check: KeyHash;

  constructor(hash: KeyHash, check: KeyHash) {
    this.#hash = hash;
    this.#check = check;
  }

  /** The hash of a key of the part that was hashed last. */
  hashAt(place: number): number {
    return this.#ofPart[place] as number;
  }

  /** Hashes a part of an event: `length` keys from place `from` on, at most {@link PART}. */
  hash(keys: readonly BlockKey[], from: number, length: number): void {
    const hash = this.#hash;
    const hashes = this.#ofPart;
    for (let i = 0; i < length; i++) hashes[i] = hash(keys[from + i] as BlockKey);
  }

  /**
   * Looks which keys of the part that was hashed are to be followed.
   * @param lastSampled the last hash that is sampled, with its sign turned
   * @returns how many
   */
  select(length: number, lastSampled: number, hotKeys: HotKeys): number {
    const hashes = this.#ofPart;
    const places = this.#places;
    let count = 0;
    for (let i = 0; i < length; i++) {
      const hash = hashes[i] as number;
      places[count] = i;
      // Counted without a branch: it would be a guess, for each key.
      count += Number((hash ^ SIGN) <= lastSampled) | Number(hotKeys.has(hash));
    }
    return count;
  }

  /** Adds the keys that were selected. @param stack where they will be looked for, and whose memory is brought near */
  add(keys: readonly BlockKey[], from: number, count: number, hotKeys: HotKeys, stack: SampledStack): void {
    const { hashes, checks, hot } = this;
    const ofPart = this.#ofPart;
    const places = this.#places;
    const check = this.#check;
    let touched = 0;
    let next = this.size;
    for (let at = 0; at < count; at++, next++) {
      const place = places[at] as number;
      const hash = ofPart[place] as number;
      touched ^= stack.touch(hash);
      hashes[next] = hash;
      hot[next] = Number(hotKeys.has(hash));
      checks[next] = check(keys[from + place] as BlockKey);
    }
    this.size = next;
    this.touched = touched;
  }
}
