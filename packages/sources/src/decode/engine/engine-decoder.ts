import type { SourceErrorKind } from '@kvscope/core';
import { DecodedBatch } from '../decoded-batch.js';
import { type DecodeLimits, decodeLimits } from '../limits.js';
import { MsgpackReader } from '../msgpack/reader.js';
import { SaltDigests } from '../salt-digests.js';
import { INVALID, kindOf, TOO_MANY_EVENTS } from '../undecodable.js';
import { WordTable } from '../word-table.js';
import { ArrayEvents } from './array-event.js';
import { DIALECTS, type Dialect, type DialectName } from './dialect.js';
import { FieldReader } from './field-reader.js';
import { MapEvents } from './map-event.js';

const TIME = 1;
const EVENTS = 2;
const RANK = 3;
const BATCH_FIELDS = new WordTable<number>({
  ts: TIME,
  events: EVENTS,
  data_parallel_rank: RANK,
  attn_dp_rank: RANK,
});
const MAX_RANK = 65_535;

/**
 * Decodes the payloads of vLLM, SGLang, ATOM and the Mooncake master, of every generation: a batch is an array or a
 * map, and so is each event. Keeps nothing between payloads.
 */
export class EngineDecoder {
  readonly #limits: DecodeLimits;
  readonly #dialect: Dialect;
  readonly #reader: MsgpackReader;
  readonly #batch = new DecodedBatch();
  readonly #arrays: ArrayEvents;
  readonly #maps: MapEvents;

  /** @throws RangeError when a limit is outside its range */
  constructor(dialect: DialectName, limits?: Partial<DecodeLimits>) {
    this.#limits = decodeLimits(limits);
    this.#dialect = DIALECTS[dialect];
    this.#reader = new MsgpackReader(this.#limits.maxDepth);
    const { blocks } = this.#batch;
    const fields = new FieldReader(this.#reader, blocks, this.#limits, new SaltDigests());
    this.#arrays = new ArrayEvents(this.#reader, fields, this.#dialect);
    this.#maps = new MapEvents(this.#reader, fields, this.#dialect);
  }

  /**
   * The batch that a payload holds, valid until the next call, or why there is none. Single events that could not be
   * used are counted in the batch. Never throws.
   */
  decode(payload: Uint8Array): DecodedBatch | SourceErrorKind {
    if (payload.length > this.#limits.maxPayloadBytes) return 'oversized';
    try {
      this.#decode(payload);
      return this.#batch;
    } catch (error) {
      return kindOf(error);
    }
  }

  /** The time of a batch in epoch ms, read without the rest of it; NaN where there is none. Never throws. */
  timeOf(payload: Uint8Array): number {
    try {
      this.#reader.read(payload);
      if (this.#reader.arrayLength() <= 0 && !this.#toMapTime()) return Number.NaN;
      return this.#reader.number() * this.#dialect.timeUnitMs;
    } catch {
      return Number.NaN;
    }
  }

  #decode(payload: Uint8Array): void {
    const reader = this.#reader;
    reader.read(payload);
    this.#batch.clear();
    const elements = reader.arrayLength();
    if (elements >= 0) this.#batchArray(elements);
    else this.#batchMap();
    if (!Number.isFinite(this.#batch.time)) throw INVALID;
    if (reader.position !== reader.end) throw INVALID;
  }

  #batchArray(elements: number): void {
    if (elements < 2) throw INVALID;
    this.#time();
    this.#events();
    if (elements > 2) this.#rank();
    for (let i = 3; i < elements; i++) this.#reader.skip();
  }

  #batchMap(): void {
    const reader = this.#reader;
    const entries = reader.mapLength();
    if (entries < 0) throw INVALID;
    let listed = false;
    for (let i = 0; i < entries; i++) {
      const length = reader.stringLength();
      if (length < 0) throw INVALID;
      const name = BATCH_FIELDS.find(reader.view, reader.position, length);
      reader.position += length;
      if (name === TIME) this.#time();
      else if (name === RANK) this.#rank();
      else if (name === EVENTS && !listed) {
        this.#events();
        listed = true;
      } else reader.skip();
    }
    if (!listed) throw INVALID;
  }

  /** Goes to the time of a batch that is a map; false when there is none. */
  #toMapTime(): boolean {
    const reader = this.#reader;
    for (let entries = reader.mapLength(); entries > 0; entries--) {
      const length = reader.stringLength();
      if (length < 0) return false;
      const name = BATCH_FIELDS.find(reader.view, reader.position, length);
      reader.position += length;
      if (name === TIME) return true;
      reader.skip();
    }
    return false;
  }

  #time(): void {
    this.#batch.time = this.#reader.number() * this.#dialect.timeUnitMs;
    if (!Number.isFinite(this.#batch.time)) throw INVALID;
  }

  #rank(): void {
    const before = this.#reader.position;
    const rank = this.#reader.number();
    if (Number.isInteger(rank) && rank >= 0 && rank <= MAX_RANK) this.#batch.rank = rank;
    else {
      this.#reader.position = before;
      this.#reader.skip();
    }
  }

  #events(): void {
    const count = this.#reader.arrayLength();
    if (count < 0) throw INVALID;
    if (count > this.#limits.maxEvents) throw TOO_MANY_EVENTS;
    for (let i = 0; i < count; i++) this.#event();
  }

  /** One event; whatever is wrong with it, the reader then stands behind it. */
  #event(): void {
    const reader = this.#reader;
    const batch = this.#batch;
    const start = reader.position;
    const blocks = batch.blocks.length;
    const wrong = this.#read();
    if (wrong === undefined) return;
    batch.blocks.truncate(blocks);
    batch.skip(wrong);
    reader.position = start;
    reader.skip();
  }

  #read(): SourceErrorKind | undefined {
    const reader = this.#reader;
    const entries = reader.mapLength();
    if (entries >= 0) return this.#maps.read(entries, this.#batch);
    const elements = reader.arrayLength();
    return elements < 0 ? 'malformed_event' : this.#arrays.read(elements, this.#batch);
  }
}
