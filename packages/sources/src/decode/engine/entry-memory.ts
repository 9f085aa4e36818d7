import type { MsgpackReader } from '../msgpack/reader.js';

/** What {@link EntryMemory.recognise} found at the reader. */
export const NOTHING = 0;
export const KEY = 1;
export const ENTRY = 2;
export type Recognised = typeof NOTHING | typeof KEY | typeof ENTRY;

/** Entries of one map that are remembered; a Mooncake master sends 20. */
export const MAX_PLACES = 24;
/** Bytes of an entry that are remembered at most. */
const MAX_BYTES = 64;
const WORD_BYTES = 4;

/**
 * The bytes that stood at each place of the maps before. Engines send the same fields in the same order, most of them with
 * the same value: what is equal to the last time byte for byte means the same, and need not be read again.
 */
export class EntryMemory {
  readonly #bytes = new Uint8Array(MAX_PLACES * MAX_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  /** Bytes of the key with its header; 0 where nothing is remembered. */
  readonly #keys = new Uint8Array(MAX_PLACES);
  /** Bytes of the key and the value; 0 where the value means more than its number, or was seen to change. */
  readonly #entries = new Uint8Array(MAX_PLACES);
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
    const key = this.#keys[place] as number;
    const entry = this.#entries[place] as number;
    if (entry !== 0) {
      if (this.#stands(place, reader, entry)) {
        reader.position += entry;
        return ENTRY;
      }
      if (key === 0 || !this.#stands(place, reader, key)) return NOTHING;
      this.#entries[place] = 0;
    } else if (key === 0 || !this.#stands(place, reader, key)) return NOTHING;
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
    const key = value - start;
    const entry = reader.position - start;
    const short = key < WORD_BYTES || key > MAX_BYTES;
    this.#keys[place] = short ? 0 : key;
    const constant = !short && entry <= MAX_BYTES && !Number.isNaN(number);
    this.#entries[place] = constant ? entry : 0;
    if (short) return;
    this.#bytes.set(reader.bytes.subarray(start, start + (constant ? entry : key)), place * MAX_BYTES);
    this.#names[place] = name;
    this.#values[place] = number;
  }

  /** Whether so many bytes at the reader are those of a place; the last word may overlap the one before. */
  #stands(place: number, reader: MsgpackReader, length: number): boolean {
    const at = reader.position;
    if (at + length > reader.end) return false;
    const there = reader.view;
    const here = this.#view;
    const start = place * MAX_BYTES;
    const last = length - WORD_BYTES;
    for (let i = 0; i < last; i += WORD_BYTES) {
      if (there.getInt32(at + i, true) !== here.getInt32(start + i, true)) return false;
    }
    return there.getInt32(at + last, true) === here.getInt32(start + last, true);
  }
}
