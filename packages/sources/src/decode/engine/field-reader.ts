import { createKeyHash, type SourceErrorKind } from '@kvscope/core';
import type { BlockList } from '../block-list.js';
import type { DecodeLimits } from '../limits.js';
import { MEDIA, type TierIndex } from '../medium.js';
import type { MsgpackReader } from '../msgpack/reader.js';
import type { SaltDigests } from '../salt-digests.js';

/** SHA-512 has 64 bytes; what is longer is no digest and no object key that anyone writes. */
const MAX_DIGEST_BYTES = 64;
const WORDS_BYTES = 8;
const MAX_NAME_BYTES = 1024;
const MAX_GROUP = 2 ** 31 - 2;

const nameLow = createKeyHash(0);
const nameHigh = createKeyHash(1);

/** Reads the fields that our events are made of, wherever a generation of the format puts them. */
export class FieldReader {
  readonly #reader: MsgpackReader;
  readonly #blocks: BlockList;
  readonly #limits: DecodeLimits;
  readonly #salts: SaltDigests;

  constructor(reader: MsgpackReader, blocks: BlockList, limits: DecodeLimits, salts: SaltDigests) {
    this.#reader = reader;
    this.#blocks = blocks;
    this.#limits = limits;
    this.#salts = salts;
  }

  /** Adds the hashes of a list; what is wrong with it, if anything. */
  hashes(): SourceErrorKind | undefined {
    const count = this.#reader.arrayLength();
    if (count < 0) return 'malformed_event';
    if (count > this.#limits.maxHashes) return 'too_many_hashes';
    const blocks = this.#blocks;
    blocks.reserve(count);
    for (let left = count; ; left--) {
      const read = this.#reader.longs(left, blocks.words, 2 * blocks.length);
      blocks.length += read;
      left -= read;
      if (left === 0) return undefined;
      if (!this.#hash()) return 'malformed_event';
    }
  }

  /** The tier of a medium; for nil `untagged`, and what is wrong with anything else. */
  medium(untagged: TierIndex): TierIndex | SourceErrorKind {
    const reader = this.#reader;
    if (reader.atNil) {
      reader.skip();
      return untagged;
    }
    const length = reader.stringLength();
    if (length < 0) return 'malformed_event';
    const tier = MEDIA.find(reader.view, reader.position, length);
    reader.position += length;
    return tier ?? 'unknown_medium';
  }

  /** The group, 0 for nil; NaN for what is none. */
  group(): number {
    const reader = this.#reader;
    if (reader.atNil) {
      reader.skip();
      return 0;
    }
    const group = reader.number();
    return Number.isInteger(group) && group >= 0 && group <= MAX_GROUP ? group : Number.NaN;
  }

  /** Passes over token ids; how many there are, NaN when this is no list. */
  tokens(): number {
    const count = this.#reader.arrayLength();
    if (count < 0) return Number.NaN;
    this.#reader.skipElements(count);
    return count;
  }

  /** Salts the blocks from `start` on with a string; a value of another kind salts nothing. */
  cacheSalt(start: number): void {
    const reader = this.#reader;
    const length = reader.stringLength();
    if (length < 0) {
      reader.skip();
      return;
    }
    const { lo, hi } = this.#salts.of(reader.bytes, reader.position, reader.position + length);
    for (let i = start; i < this.#blocks.length; i++) this.#blocks.salt(i, lo, hi);
    reader.position += length;
  }

  /** Passes over a list of nothing but nils, which is what most are; false, without moving, for anything else. */
  noExtraKeys(): boolean {
    const reader = this.#reader;
    const start = reader.position;
    const count = reader.arrayLength();
    if (count >= 0 && reader.skipNils(count)) return true;
    reader.position = start;
    return false;
  }

  /** Salts the blocks from `start` on, each with its element of a list: its bytes as they are, since types vary. */
  extraKeys(start: number): void {
    const reader = this.#reader;
    const count = reader.arrayLength();
    if (count < 0) {
      reader.skip();
      return;
    }
    for (let i = 0; i < count; i++) {
      const from = reader.position;
      if (reader.atNil) {
        reader.position++;
        continue;
      }
      const empty = reader.arrayLength() === 0;
      reader.position = from;
      reader.skip();
      if (empty || start + i >= this.#blocks.length) continue;
      const { lo, hi } = this.#salts.of(reader.bytes, from, reader.position);
      this.#blocks.salt(start + i, lo, hi);
    }
  }

  /** Adds a block that only its object key names. */
  objectKey(): boolean {
    const reader = this.#reader;
    const length = reader.stringLength();
    if (length <= 0 || length > MAX_NAME_BYTES) return false;
    this.#name(text(reader.bytes, reader.position, length).toString('utf8'));
    reader.position += length;
    return true;
  }

  #hash(): boolean {
    const reader = this.#reader;
    if (reader.integer()) {
      this.#blocks.push(reader.lo, reader.hi);
      return true;
    }
    const length = reader.binLength();
    if (length <= 0 || length > MAX_DIGEST_BYTES) return false;
    const digest = text(reader.bytes, reader.position, length);
    const name = `0x${digest.toString('hex')}`;
    // A digest is uniform as it is; hashing its digits again would take longer than all else.
    if (length < WORDS_BYTES) this.#name(name);
    else
      this.#blocks.pushName(name, digest.readInt32BE(length - 4), digest.readInt32BE(length - WORDS_BYTES));
    reader.position += length;
    return true;
  }

  #name(name: string): void {
    this.#blocks.pushName(name, nameLow(name), nameHigh(name));
  }
}

function text(bytes: Uint8Array, start: number, length: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
}
