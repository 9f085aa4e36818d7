import type { SourceErrorKind } from '@kvscope/core';
import { CLEARED, type DecodedBatch, type EventKind, MOVED, REMOVED, STORED } from '../decoded-batch.js';
import { EVERY_TIER, L0, type TierIndex } from '../medium.js';
import type { MsgpackReader } from '../msgpack/reader.js';
import type { Dialect } from './dialect.js';
import { TAGS } from './event-tags.js';
import type { FieldReader } from './field-reader.js';

/*
 * Elements by their place, generations v1 to v7 of vLLM (and g1 to g3 of SGLang, and ATOM's):
 *   BlockStored       0 tag, 1 hashes, 2 parent, 3 token ids, 4 block size, 5 lora id, 6 medium,
 *                     7 lora name, or SGLang's map with the cache salt, 8 extra keys, 9 group, ...
 *   BlockRemoved      0 tag, 1 hashes, 2 medium, 3 group, ...
 *   AllBlocksCleared  0 tag, 1 ATOM's medium
 *   BlockTransferred  0 tag, 1 hashes, 2 medium it left, 3 medium it entered, 4 group (ATOM)
 * A shorter event is of an older generation; what is behind the known places is of a newer one.
 */
const MEDIUM = 6;
const SALT = 7;
const EXTRA_KEYS = 8;
const GROUP = 9;
const STORED_LEAST = 5;

/** An event whose fields are told apart by their place. What goes wrong within one event is a returned reason. */
export class ArrayEvents {
  readonly #reader: MsgpackReader;
  readonly #fields: FieldReader;
  readonly #dialect: Dialect;

  constructor(reader: MsgpackReader, fields: FieldReader, dialect: Dialect) {
    this.#reader = reader;
    this.#fields = fields;
    this.#dialect = dialect;
  }

  /** Reads the event of `count` elements at the reader; not necessarily to its end when something is wrong. */
  read(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    const reader = this.#reader;
    if (count === 0) return 'malformed_event';
    const length = reader.stringLength();
    if (length < 0) return 'malformed_event';
    const kind: EventKind | undefined = TAGS.find(reader.view, reader.position, length);
    reader.position += length;
    if (kind === STORED) return this.#stored(count, batch);
    if (kind === REMOVED) return this.#removed(count, batch);
    if (kind === CLEARED) return this.#cleared(count, batch);
    return kind === MOVED ? this.#moved(count, batch) : 'unknown_event';
  }

  #stored(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    if (count < STORED_LEAST) return 'malformed_event';
    const start = batch.blocks.length;
    const wrong = this.#fields.hashes();
    if (wrong !== undefined) return wrong;
    this.#reader.skip();
    const tokens = this.#fields.tokens();
    const blockSize = this.#reader.number();
    if (Number.isNaN(tokens) || Number.isNaN(blockSize)) return 'malformed_event';
    if (count > STORED_LEAST) this.#reader.skip();
    const tier = count > MEDIUM ? this.#fields.medium(L0) : L0;
    if (typeof tier === 'string') return tier;
    if (count > SALT) this.#saltMap(start);
    if (count > EXTRA_KEYS) this.#fields.extraKeys(start);
    const group = count > GROUP ? this.#fields.group() : 0;
    if (Number.isNaN(group)) return 'malformed_event';
    this.#reader.skipElements(Math.max(0, count - GROUP - 1));
    batch.add(STORED, tier, tier, group, tokens === 0 && blockSize === 0);
    return undefined;
  }

  /** A string or nil here is vLLM's lora name, which the hash covers; a map is SGLang's. */
  #saltMap(start: number): void {
    const reader = this.#reader;
    const entries = reader.mapLength();
    if (entries < 0) {
      reader.skip();
      return;
    }
    for (let i = 0; i < entries; i++) {
      const length = reader.stringLength();
      if (length < 0) reader.skip();
      else {
        const at = reader.position;
        reader.position += length;
        if (isCacheSalt(reader.bytes, at, length)) {
          this.#fields.cacheSalt(start);
          continue;
        }
      }
      reader.skip();
    }
  }

  #removed(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    if (count < 2) return 'malformed_event';
    const wrong = this.#fields.hashes();
    if (wrong !== undefined) return wrong;
    const untagged: TierIndex = this.#dialect.untaggedRemove;
    const tier = count > 2 ? this.#fields.medium(untagged) : untagged;
    if (typeof tier === 'string') return tier;
    return this.#close(REMOVED, tier, tier, count - 3, batch);
  }

  #cleared(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    const tier = count > 1 ? this.#fields.medium(EVERY_TIER) : EVERY_TIER;
    if (typeof tier === 'string') return tier;
    this.#reader.skipElements(Math.max(0, count - 2));
    return this.#close(CLEARED, tier, tier, 0, batch);
  }

  #moved(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    if (count < 4) return 'malformed_event';
    const wrong = this.#fields.hashes();
    if (wrong !== undefined) return wrong;
    const from = this.#fields.medium(L0);
    if (typeof from === 'string') return from;
    const to = this.#fields.medium(L0);
    if (typeof to === 'string') return to;
    return this.#close(MOVED, from, to, count - 4, batch);
  }

  /** @param rest elements from the group on */
  #close(
    kind: EventKind,
    from: TierIndex,
    to: TierIndex,
    rest: number,
    batch: DecodedBatch,
  ): SourceErrorKind | undefined {
    const group = rest > 0 ? this.#fields.group() : 0;
    if (Number.isNaN(group)) return 'malformed_event';
    this.#reader.skipElements(Math.max(0, rest - 1));
    batch.add(kind, from, to, group, false);
    return undefined;
  }
}

const CACHE_SALT = Buffer.from('cache_salt');

function isCacheSalt(bytes: Uint8Array, start: number, length: number): boolean {
  return length === CACHE_SALT.length && CACHE_SALT.equals(bytes.subarray(start, start + length));
}
