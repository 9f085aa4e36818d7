import type { BlockKey } from './events.js';
import {
  createKeyHash,
  hashFetched,
  hashStarts,
  hashString,
  hashTwoFetched,
  type KeyHash,
  lastStep,
  stirBigint,
  stirNumber,
  two,
} from './hash.js';

/** Code units that are fetched at a time. */
const FETCHED_UNITS = 8192;
/** Fewer strings than that are read faster where they are. */
const FEW = 4;
/** V8 keeps no shorter string in parts. */
const PARTS_LENGTH = 13;
/** The bits that the last step of a hash changes. */
const UNSETTLED = 0x1ffff;
/** Its own memory, so that words of it are aligned. */
const fetched = Buffer.from(new ArrayBuffer(2 * FETCHED_UNITS));
const pairs = new Uint32Array(fetched.buffer, fetched.byteOffset, FETCHED_UNITS / 2);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Finds the sampled keys of whole batches. Keys of a batch are nearly always of one type: what type it is is asked once
 * for a run of them, and the loop over the run does nothing else but hash and compare. It takes two keys at a time: the
 * processor then works on one hash while the other waits, and the loop itself costs half as much.
 */
export class BatchSampler {
  readonly #hash: KeyHash;
  readonly #starts: ReturnType<typeof hashStarts>;
  readonly #greatest: number;
  #sampled = 0;
  /** What was read only for what reading does; kept, or the reading would be left out. */
  looked = 0;

  /** @param greatest the greatest hash that is sampled */
  constructor(seed: number, greatest: number) {
    this.#hash = createKeyHash(seed);
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
    const bound = (greatest | UNSETTLED) >>> 0;
    let sampled = this.#sampled;
    let i = first;
    for (; i + 1 < end; i += 2) {
      const key = keys[i];
      const next = keys[i + 1];
      if (typeof key !== 'number' || typeof next !== 'number') break;
      const one = stirNumber(key, start);
      const other = stirNumber(next, start);
      if (one >>> 0 <= bound && lastStep(one) >>> 0 <= greatest) places[sampled++] = i;
      if (other >>> 0 <= bound && lastStep(other) >>> 0 <= greatest) places[sampled++] = i + 1;
    }
    this.#sampled = sampled;
    return i < end ? this.#single(keys, i, places) : i;
  }

  /** @returns the place of the first key behind the run */
  #bigints(keys: readonly BlockKey[], first: number, end: number, places: Uint32Array): number {
    const start = this.#starts.bigintStart;
    const greatest = this.#greatest >>> 0;
    const bound = (greatest | UNSETTLED) >>> 0;
    let sampled = this.#sampled;
    let i = first;
    for (; i + 1 < end; i += 2) {
      const key = keys[i];
      const next = keys[i + 1];
      if (typeof key !== 'bigint' || typeof next !== 'bigint') break;
      const one = stirBigint(key, start);
      const other = stirBigint(next, start);
      if (one >>> 0 <= bound && lastStep(one) >>> 0 <= greatest) places[sampled++] = i;
      if (other >>> 0 <= bound && lastStep(other) >>> 0 <= greatest) places[sampled++] = i + 1;
    }
    this.#sampled = sampled;
    return i < end ? this.#single(keys, i, places) : i;
  }

  /** A key with no other of its type beside it. @returns the place behind it */
  #single(keys: readonly BlockKey[], place: number, places: Uint32Array): number {
    if (this.#hash(keys[place] as BlockKey) <= this.#greatest) places[this.#sampled++] = place;
    return place + 1;
  }

  /**
   * To read a string in place costs 1.5 to 2 ns a character. To join a run of them and write them out at once costs half
   * of that, whatever they look like inside.
   * @returns the place of the first key behind the run
   */
  #strings(keys: readonly BlockKey[], first: number, end: number, places: Uint32Array): number {
    const start = this.#starts.stringStart;
    const greatest = this.#greatest >>> 0;
    const behind = LITTLE_ENDIAN ? this.#endOfRun(keys, first, end) : first;
    if (behind - first < FEW) return this.#single(keys, first, places);
    const run = first === 0 && behind === keys.length ? keys : keys.slice(first, behind);
    // Strings of one length, as they nearly always are, then all begin with a word.
    const { length } = run[0] as string;
    const step = length + (length % 2);
    fetched.write(run.join(step === length ? '' : ' '), 'utf16le');
    let unit = 0;
    let i = first;
    for (; i + 1 < behind; i += 2) {
      if ((keys[i] as string).length !== length || (keys[i + 1] as string).length !== length) break;
      hashTwoFetched(pairs, unit >>> 1, (unit + step) >>> 1, length, start);
      if ((two[0] as number) >>> 0 <= greatest) places[this.#sampled++] = i;
      if ((two[1] as number) >>> 0 <= greatest) places[this.#sampled++] = i + 1;
      unit += 2 * step;
    }
    for (; i < behind; i++) {
      const key = keys[i] as string;
      const hash =
        unit % 2 === 0 ? hashFetched(pairs, unit >>> 1, key.length, start) : hashString(key, start);
      if (hash >>> 0 <= greatest) places[this.#sampled++] = i;
      unit += key.length + step - length;
    }
    return behind;
  }

  /** The end of a run of strings that can be fetched together. */
  #endOfRun(keys: readonly BlockKey[], first: number, end: number): number {
    let length = 0;
    let { looked } = this;
    let i = first;
    for (; i < end; i++) {
      const key = keys[i];
      if (typeof key !== 'string') break;
      // One more, for what may stand between them.
      length += key.length + 1;
      if (length > FETCHED_UNITS) break;
      // One that was put together of parts is in one piece from then on, which makes it cheaper to fetch, now and later.
      if (key.length >= PARTS_LENGTH) looked ^= key.charCodeAt(0);
    }
    this.looked = looked;
    return i;
  }
}
