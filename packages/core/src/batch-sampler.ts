import type { BlockKey } from './events.js';
import { hashBigint, hashFetched, hashNumber, hashStarts, hashString } from './hash.js';

/** Code units that are fetched at a time. */
const FETCHED_UNITS = 8192;
/** Fewer strings than that are read faster where they are. */
const FEW = 4;
/** Its own memory, so that words of it are aligned. */
const fetched = Buffer.from(new ArrayBuffer(2 * FETCHED_UNITS));
const pairs = new Uint32Array(fetched.buffer, fetched.byteOffset, FETCHED_UNITS / 2);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Finds the sampled keys of whole batches. Keys of a batch are nearly always of one type: what type it is is asked once
 * for a run of them, and the loop over the run does nothing else but hash and compare.
 */
export class BatchSampler {
  readonly #starts: ReturnType<typeof hashStarts>;
  readonly #greatest: number;
  #sampled = 0;

  /** @param greatest the greatest hash that is sampled */
  constructor(seed: number, greatest: number) {
    this.#starts = hashStarts(seed);
    this.#greatest = greatest;
  }

  /** See {@link Sampler.sampleInto}. */
  sampleInto(keys: readonly BlockKey[], from: number, places: Uint32Array): number {
    const end = Math.min(keys.length, from + places.length);
    this.#sampled = 0;
    for (let i = from; i < end; ) {
      const key = keys[i];
      if (typeof key === 'number') i = this.#numbers(keys, i, end, places);
      else if (typeof key === 'bigint') i = this.#bigints(keys, i, end, places);
      else i = this.#strings(keys, i, end, places);
    }
    return this.#sampled;
  }

  /** @returns the place of the first key behind the run */
  #numbers(keys: readonly BlockKey[], first: number, end: number, places: Uint32Array): number {
    const start = this.#starts.numberStart;
    const greatest = this.#greatest >>> 0;
    let sampled = this.#sampled;
    let i = first;
    for (; i < end; i++) {
      const key = keys[i];
      if (typeof key !== 'number') break;
      if (hashNumber(key, start) >>> 0 <= greatest) places[sampled++] = i;
    }
    this.#sampled = sampled;
    return i;
  }

  /** @returns the place of the first key behind the run */
  #bigints(keys: readonly BlockKey[], first: number, end: number, places: Uint32Array): number {
    const start = this.#starts.bigintStart;
    const greatest = this.#greatest >>> 0;
    let sampled = this.#sampled;
    let i = first;
    for (; i < end; i++) {
      const key = keys[i];
      if (typeof key !== 'bigint') break;
      if (hashBigint(key, start) >>> 0 <= greatest) places[sampled++] = i;
    }
    this.#sampled = sampled;
    return i;
  }

  /**
   * To read a string in place costs 1.5 to 2 ns a character. To join a run of them and write them out at once costs half
   * of that, whatever they look like inside.
   * @returns the place of the first key behind the run
   */
  #strings(keys: readonly BlockKey[], first: number, end: number, places: Uint32Array): number {
    const start = this.#starts.stringStart;
    const greatest = this.#greatest >>> 0;
    const behind = LITTLE_ENDIAN ? endOfRun(keys, first, end) : first;
    if (behind - first < FEW) {
      if (hashString(keys[first] as string, start) >>> 0 <= greatest) places[this.#sampled++] = first;
      return first + 1;
    }
    const run = first === 0 && behind === keys.length ? keys : keys.slice(first, behind);
    // Strings of one length, as they nearly always are, then all begin with a word.
    const gap = (run[0] as string).length % 2;
    fetched.write(run.join(gap === 0 ? '' : ' '), 0, 'utf16le');
    let unit = 0;
    for (let i = first; i < behind; i++) {
      const key = keys[i] as string;
      const { length } = key;
      const hash = unit % 2 === 0 ? hashFetched(pairs, unit / 2, length, start) : hashString(key, start);
      if (hash >>> 0 <= greatest) places[this.#sampled++] = i;
      unit += length + gap;
    }
    return behind;
  }
}

/** The end of a run of strings that can be fetched together. */
function endOfRun(keys: readonly BlockKey[], first: number, end: number): number {
  let length = 0;
  let i = first;
  for (; i < end; i++) {
    const key = keys[i];
    if (typeof key !== 'string') break;
    // One more, for what may stand between them.
    length += key.length + 1;
    if (length > FETCHED_UNITS) break;
  }
  return i;
}
