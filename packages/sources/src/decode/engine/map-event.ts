import type { SourceErrorKind } from '@kvscope/core';
import { CLEARED, type DecodedBatch, type EventKind, MOVED, REMOVED, STORED } from '../decoded-batch.js';
import { EVERY_TIER, L0, type TierIndex } from '../medium.js';
import type { MsgpackReader } from '../msgpack/reader.js';
import type { Dialect } from './dialect.js';
import { ENTRY, EntryMemory, KEY, MAX_PLACES } from './entry-memory.js';
import { TAGS } from './event-tags.js';
import type { FieldReader } from './field-reader.js';
import * as field from './map-fields.js';

const ABSENT = -1;
/** Stands for a medium that is nil or not there until the event's kind is known, which may come after it. */
const UNTAGGED: TierIndex = 4;

/** An event whose fields are told apart by name, in any order. */
export class MapEvents {
  readonly #reader: MsgpackReader;
  readonly #fields: FieldReader;
  readonly #dialect: Dialect;
  /** By the number of entries, which tells a store from a remove. */
  readonly #memories = Array.from({ length: MAX_PLACES + 1 }, () => undefined as EntryMemory | undefined);

  // What is known of the event that is being read.
  #kind: EventKind | undefined;
  #wrong: SourceErrorKind | undefined;
  #tagged = false;
  #listed = false;
  #tier: TierIndex = UNTAGGED;
  #destination: TierIndex = UNTAGGED;
  #group = 0;
  #tokens = ABSENT;
  #blockSize = ABSENT;
  // Where a field stands that can be read only when the hashes are known.
  #extraKeysAt = ABSENT;
  #saltAt = ABSENT;
  #objectKeyAt = ABSENT;
  #hashesAt = ABSENT;
  #sequenceHashesAt = ABSENT;

  constructor(reader: MsgpackReader, fields: FieldReader, dialect: Dialect) {
    this.#reader = reader;
    this.#fields = fields;
    this.#dialect = dialect;
  }

  /** Reads the map of `count` entries at the reader, not necessarily to its end when something is wrong. */
  read(count: number, batch: DecodedBatch): SourceErrorKind | undefined {
    const reader = this.#reader;
    const names = this.#dialect.objects ? field.OBJECT_FIELDS : field.MAP_FIELDS;
    const start = batch.blocks.length;
    this.#forget();
    const memory = this.#memoryFor(count);
    for (let i = 0; i < count; i++) {
      const begin = reader.position;
      const recognised = memory.recognise(i, reader);
      if (recognised === ENTRY) {
        this.#repeat(memory.nameAt(i), memory.valueAt(i));
        continue;
      }
      if (recognised === KEY) this.#field(memory.nameAt(i));
      else {
        const length = reader.stringLength();
        if (length < 0) {
          reader.skip();
          reader.skip();
          continue;
        }
        const name = names.find(reader.view, reader.position, length) ?? field.OTHER;
        reader.position += length;
        const value = reader.position;
        const decided = this.#kind !== undefined;
        this.#field(name);
        if (this.#wrong === undefined) {
          memory.remember(i, reader, begin, value, name, this.#numberOf(name, decided));
        }
      }
      if (this.#wrong !== undefined) return this.#wrong;
    }
    if (this.#kind === undefined) return this.#tagged ? 'unknown_event' : 'malformed_event';
    return this.#close(this.#kind, start, batch);
  }

  #forget(): void {
    this.#kind = undefined;
    this.#wrong = undefined;
    this.#tagged = false;
    this.#listed = false;
    this.#tier = UNTAGGED;
    this.#destination = UNTAGGED;
    this.#group = 0;
    this.#tokens = ABSENT;
    this.#blockSize = ABSENT;
    this.#extraKeysAt = ABSENT;
    this.#saltAt = ABSENT;
    this.#objectKeyAt = ABSENT;
    this.#hashesAt = ABSENT;
    this.#sequenceHashesAt = ABSENT;
  }

  #memoryFor(count: number): EntryMemory {
    const at = Math.min(count, MAX_PLACES);
    const known = this.#memories[at];
    if (known !== undefined) return known;
    const made = new EntryMemory();
    this.#memories[at] = made;
    return made;
  }

  /** What a field that was just read is remembered by; NaN where its value has to be read each time. */
  #numberOf(name: number, decided: boolean): number {
    switch (name) {
      case field.OTHER:
        return 0;
      case field.TYPE:
        // Of two types the first counts, and this one is not known then.
        return decided ? Number.NaN : (this.#kind ?? Number.NaN);
      case field.BLOCK_SIZE:
        return this.#blockSize === 0 ? 0 : 1;
      case field.MEDIUM:
      case field.FROM_MEDIUM:
        return this.#tier;
      case field.TO_MEDIUM:
        return this.#destination;
      case field.GROUP:
        return this.#group;
      default:
        return Number.NaN;
    }
  }

  /** As {@link #field} for a value that is known. */
  #repeat(name: number, number: number): void {
    switch (name) {
      case field.OTHER:
        return;
      case field.TYPE:
        this.#tagged = true;
        this.#kind ??= number as EventKind;
        return;
      case field.BLOCK_SIZE:
        this.#blockSize = number;
        return;
      case field.MEDIUM:
      case field.FROM_MEDIUM:
        this.#tier = number;
        return;
      case field.TO_MEDIUM:
        this.#destination = number;
        return;
      default:
        this.#group = number;
    }
  }

  #field(name: number): void {
    const reader = this.#reader;
    const at = reader.position;
    switch (name) {
      case field.OTHER:
        break;
      case field.TYPE:
        this.#type();
        return;
      case field.TOKENS:
        this.#tokens = this.#count(this.#fields.tokens());
        return;
      case field.BLOCK_SIZE:
        this.#blockSize = this.#count(reader.number());
        return;
      case field.MEDIUM:
      case field.FROM_MEDIUM:
        this.#tier = this.#medium();
        return;
      case field.TO_MEDIUM:
        this.#destination = this.#medium();
        return;
      case field.GROUP:
        this.#group = this.#count(this.#fields.group());
        return;
      case field.HASHES:
        this.#hashesAt = at;
        if (this.#dialect.objects) break;
        this.#hashes();
        return;
      case field.EXTRA_KEYS:
        this.#extraKeysAt = this.#fields.noExtraKeys() ? ABSENT : at;
        if (this.#extraKeysAt === ABSENT) return;
        break;
      case field.SALT:
        this.#saltAt = at;
        break;
      case field.OBJECT_KEY:
        this.#objectKeyAt = at;
        break;
      default:
        this.#sequenceHashesAt = at;
    }
    reader.skip();
  }

  #type(): void {
    const reader = this.#reader;
    const length = reader.stringLength();
    if (length < 0) {
      this.#wrong = 'malformed_event';
      return;
    }
    this.#tagged = true;
    this.#kind ??= TAGS.find(reader.view, reader.position, length);
    reader.position += length;
  }

  #hashes(): void {
    if (this.#listed) this.#wrong = 'malformed_event';
    else this.#wrong = this.#fields.hashes();
    this.#listed = true;
  }

  #medium(): TierIndex {
    const tier = this.#fields.medium(UNTAGGED);
    if (typeof tier === 'number') return tier;
    this.#wrong = tier;
    return UNTAGGED;
  }

  #count(value: number): number {
    if (Number.isNaN(value)) this.#wrong = 'malformed_event';
    return value;
  }

  #close(kind: EventKind, start: number, batch: DecodedBatch): SourceErrorKind | undefined {
    const reader = this.#reader;
    const end = reader.position;
    if (this.#dialect.objects) this.#objects(batch, start);
    if (this.#wrong !== undefined) return this.#wrong;
    if (!this.#listed && kind !== CLEARED) return 'malformed_event';
    if (this.#saltAt !== ABSENT) {
      reader.position = this.#saltAt;
      this.#fields.cacheSalt(start);
    }
    if (this.#extraKeysAt !== ABSENT) {
      reader.position = this.#extraKeysAt;
      this.#fields.extraKeys(start);
    }
    reader.position = end;
    const placeholder = this.#tokens === 0 && this.#blockSize === 0;
    const untagged = kind === CLEARED ? EVERY_TIER : kind === REMOVED ? this.#dialect.untaggedRemove : L0;
    const tier = this.#tier === UNTAGGED ? untagged : this.#tier;
    const destination = kind !== MOVED ? tier : this.#destination === UNTAGGED ? L0 : this.#destination;
    batch.add(kind, tier, destination, this.#group, kind === STORED && placeholder);
    return undefined;
  }

  /** The first of a master's lists that names anything; without one the object key is the identity. */
  #objects(batch: DecodedBatch, start: number): void {
    const { blocks } = batch;
    for (const at of [this.#sequenceHashesAt, this.#hashesAt]) {
      if (at === ABSENT || blocks.length > start) continue;
      this.#reader.position = at;
      if (this.#reader.atNil) continue;
      this.#wrong ??= this.#fields.hashes();
    }
    if (blocks.length === start && this.#objectKeyAt !== ABSENT) {
      this.#reader.position = this.#objectKeyAt;
      if (!this.#fields.objectKey()) this.#wrong ??= 'malformed_event';
    }
    this.#listed = blocks.length > start;
  }
}
