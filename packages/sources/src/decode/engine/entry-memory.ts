import type { MsgpackReader } from '../msgpack/reader.js';

/** What {@link EntryMemory.recognise} found at the reader. */
export const NOTHING = 0;
export const KEY = 1;
export const ENTRY = 2;
export type Recognised = typeof NOTHING | typeof KEY | typeof ENTRY;

/** Entries of one map that are remembered; a Mooncake master sends 20. */
export const MAX_PLACES = 24;
const WORD_BYTES = 8;
/** Words of an entry that are remembered at most. */
const MAX_WORDS = 5;

/**
 * The bytes that stood at each place of the maps before. Engines send the same fields in the same order, most of them with
 * the same value: what is equal to the last time byte for byte means the same, and need not be read again.
 *
 * Bytes are compared as doubles, the most that one read can take. That is exact but for zeros, of which there are two, and
 * such an entry is not remembered.
 */
export class EntryMemory {
  readonly #words = new Float64Array(MAX_PLACES * MAX_WORDS);
  /** Bytes of the key with its header; 0 where it is not recognised alone. */
  readonly #keys = new Uint8Array(MAX_PLACES);
  /** Bytes of the key and the value; 0 where that means more than a number, or was seen to change. */
  readonly #entries = new Uint8Array(MAX_PLACES);
  /** The last word of each, which may overlap the one before. */
  readonly #keyEnds = new Float64Array(MAX_PLACES);
  readonly #entryEnds = new Float64Array(MAX_PLACES);
  readonly #names = new Uint8Array(MAX_PLACES);
  readonly #values = new Int32Array(MAX_PLACES);

  /** What {@link remember} was told of a place. */
  nameAt(place: number): number {
    return this.#names[place] as number;
  }

  valueAt(place: number): number {
    return this.#values[place] as number;
  }

  /** Steps over the entry at the reader, or its key, if it is the one that was remembered. */
  recognise(place: number, reader: MsgpackReader): Recognised {
    if (place >= MAX_PLACES) return NOTHING;
    const entry = this.#entries[place] as number;
    if (entry !== 0 && this.#stands(place, reader, entry, this.#entryEnds[place] as number)) {
      reader.position += entry;
      return ENTRY;
    }
    const key = this.#keys[place] as number;
    if (key === 0 || !this.#stands(place, reader, key, this.#keyEnds[place] as number)) return NOTHING;
    this.#entries[place] = 0;
    reader.position += key;
    return KEY;
  }

  /**
   * Keeps the entry between two positions of the reader's bytes.
   * @param value where its value begins
   * @param number what the value means; NaN when only the key is to be recognised
   */
  remember(
    place: number,
    reader: MsgpackReader,
    start: number,
    value: number,
    name: number,
    number: number,
  ): void {
    if (place >= MAX_PLACES) return;
    const { position, view } = reader;
    const key = value - start;
    // A key of less than a word is recognised with its value only.
    const keyEnd = key < WORD_BYTES ? 0 : view.getFloat64(value - WORD_BYTES, true);
    const constant = !Number.isNaN(number) && position - start <= MAX_WORDS * WORD_BYTES;
    const entry = constant ? position - start : key;
    const last = start + entry - WORD_BYTES;
    this.#keys[place] = 0;
    this.#entries[place] = 0;
    if (entry < WORD_BYTES || entry > MAX_WORDS * WORD_BYTES) return;
    for (let i = start, word = place * MAX_WORDS; i < last; i += WORD_BYTES, word++) {
      const read = view.getFloat64(i, true);
      if (read === 0) return;
      this.#words[word] = read;
    }
    const entryEnd = view.getFloat64(last, true);
    if (entryEnd === 0) return;
    if (keyEnd !== 0) this.#keys[place] = key;
    if (constant) this.#entries[place] = entry;
    this.#keyEnds[place] = keyEnd;
    this.#entryEnds[place] = entryEnd;
    this.#names[place] = name;
    this.#values[place] = number;
  }

  /** Whether so many bytes at the reader are those of a place. Written out: in a loop V8 would check the view for each word. */
  #stands(place: number, { position, end, view }: MsgpackReader, length: number, tail: number): boolean {
    if (position + length > end) return false;
    const words = this.#words;
    const word = place * MAX_WORDS;
    return (
      view.getFloat64(position + length - WORD_BYTES, true) === tail &&
      (length <= 8 || view.getFloat64(position, true) === words[word]) &&
      (length <= 16 || view.getFloat64(position + 8, true) === words[word + 1]) &&
      (length <= 24 || view.getFloat64(position + 16, true) === words[word + 2]) &&
      (length <= 32 || view.getFloat64(position + 24, true) === words[word + 3])
    );
  }
}
