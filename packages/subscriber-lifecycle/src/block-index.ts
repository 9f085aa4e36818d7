import * as layout from './records.js';

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code.
const { NONE, WORD, wordsAt } = layout;

/*
 * Finds records by key: open addressing in tables of a fixed size. A table that has filled up is split in two by one more
 * bit of the hash (extendible hashing), so that growing costs some 50 us at a time however large the whole is. A slot is
 * two words, hash and record, so that neither splitting nor removing has to look at records.
 */

const SLOT_BITS = 13;
const SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
/** Fuller tables cost less memory, 16 to 32 bytes a record as it is, and longer searches. */
const SPLIT_AT = SLOTS / 2;
/** 2^16 tables hold far more records than there may be; only keys made to collide get there, and are refused. */
const MAX_DEPTH = 16;

interface Table {
  /** Hash and record of each slot in turns. */
  readonly slots: Int32Array;
  /** Bits of the hash, above those of the slot, that are the same for all that it holds. */
  depth: number;
  used: number;
}

export class BlockIndex {
  readonly #records: layout.BlockRecords;
  /** Nobody outside can know which keys would collide. */
  readonly #salt = Math.floor(Math.random() * 2 ** 32) | 0;
  /** The table of a hash by its bits above those of the slot; a table of less depth is there several times. */
  #tables: Table[] = [emptyTable(0)];

  constructor(records: layout.BlockRecords) {
    this.#records = records;
  }

  /** Where a key is looked for. It says nothing about sampling: even the few keys of a tiny rate are spread evenly. */
  hash(low: number, high: number, identity: number): number {
    let h = Math.imul(low ^ Math.imul(high ^ identity ^ this.#salt, 0x9e3779b1), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    return h ^ (h >>> 15);
  }

  /** @returns {@link NONE} when there is no such record */
  find(hash: number, low: number, high: number, identity: number): number {
    const { slots } = this.#tableOf(hash);
    for (let slot = hash & SLOT_MASK; ; slot = (slot + 1) & SLOT_MASK) {
      const record = slots[2 * slot + 1] as number;
      if (record === NONE) return NONE;
      if (slots[2 * slot] === hash && this.#records.is(record, low, high, identity)) return record;
    }
  }

  /** Fetches the memory that a search begins with. @returns what lies there */
  touch(hash: number): number {
    return this.#tableOf(hash).slots[2 * (hash & SLOT_MASK) + 1] as number;
  }

  /** What {@link find} most likely finds, without a look at the records. */
  guess(hash: number): number {
    const { slots } = this.#tableOf(hash);
    for (let slot = hash & SLOT_MASK; ; slot = (slot + 1) & SLOT_MASK) {
      const record = slots[2 * slot + 1] as number;
      if (record === NONE || slots[2 * slot] === hash) return record;
    }
  }

  /**
   * Finds the record of a key, or adds the given one for it.
   * @returns the record that the key has now; {@link NONE} when there is no room for its hash
   */
  findOrAdd(hash: number, low: number, high: number, identity: number, record: number): number {
    let table = this.#tableOf(hash);
    while (table.used >= SPLIT_AT && table.depth < MAX_DEPTH) {
      this.#split(table, hash);
      table = this.#tableOf(hash);
    }
    const { slots } = table;
    for (let slot = hash & SLOT_MASK; ; slot = (slot + 1) & SLOT_MASK) {
      const known = slots[2 * slot + 1] as number;
      if (known === NONE) {
        // One slot stays empty: it ends every search.
        if (table.used >= SLOTS - 1) return NONE;
        slots[2 * slot] = hash;
        slots[2 * slot + 1] = record;
        table.used++;
        return record;
      }
      if (slots[2 * slot] === hash && this.#records.is(known, low, high, identity)) return known;
    }
  }

  /** Removes a record that is there. */
  remove(record: number): void {
    const { i32 } = this.#records.chunkOf(record);
    const at = wordsAt(record);
    const identity = i32[at + WORD.identity] as number;
    const hash = this.hash(i32[at + WORD.low] as number, i32[at + WORD.high] as number, identity);
    const table = this.#tableOf(hash);
    const { slots } = table;
    let gap = hash & SLOT_MASK;
    while (slots[2 * gap + 1] !== record) gap = (gap + 1) & SLOT_MASK;
    // What follows moves up where it may, so that no search ends too early.
    for (let slot = (gap + 1) & SLOT_MASK; slots[2 * slot + 1] !== NONE; slot = (slot + 1) & SLOT_MASK) {
      const wanted = (slots[2 * slot] as number) & SLOT_MASK;
      if (((slot - wanted) & SLOT_MASK) < ((slot - gap) & SLOT_MASK)) continue;
      slots[2 * gap] = slots[2 * slot] as number;
      slots[2 * gap + 1] = slots[2 * slot + 1] as number;
      gap = slot;
    }
    slots[2 * gap + 1] = NONE;
    table.used--;
  }

  /** Gives memory back, for when nothing is in it. */
  clear(): void {
    this.#tables = [emptyTable(0)];
  }

  #tableOf(hash: number): Table {
    return this.#tables[(hash >>> SLOT_BITS) & (this.#tables.length - 1)] as Table;
  }

  /** Moves half of what is in the table of `hash` into a new one. */
  #split(table: Table, hash: number): void {
    const bit = 1 << table.depth;
    table.depth++;
    if (bit === this.#tables.length) this.#tables = [...this.#tables, ...this.#tables];
    const other = emptyTable(table.depth);
    const first = ((hash >>> SLOT_BITS) & (bit - 1)) | bit;
    for (let at = first; at < this.#tables.length; at += 2 * bit) this.#tables[at] = other;

    moved.set(table.slots);
    table.slots.fill(NONE);
    table.used = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      const record = moved[2 * slot + 1] as number;
      if (record === NONE) continue;
      const of = moved[2 * slot] as number;
      put(((of >>> SLOT_BITS) & bit) === 0 ? table : other, of, record);
    }
  }
}

/** What is in a table that is being split; used by one at a time. */
const moved = new Int32Array(2 * SLOTS);

function emptyTable(depth: number): Table {
  return { slots: new Int32Array(2 * SLOTS), depth, used: 0 };
}

function put(table: Table, hash: number, record: number): void {
  const { slots } = table;
  let slot = hash & SLOT_MASK;
  while (slots[2 * slot + 1] !== NONE) slot = (slot + 1) & SLOT_MASK;
  slots[2 * slot] = hash;
  slots[2 * slot + 1] = record;
  table.used++;
}
