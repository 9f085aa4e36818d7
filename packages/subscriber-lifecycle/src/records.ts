/*
 * One tracked block is one record in typed arrays: 64 bytes, and 8 more that link it to its neighbours. There is no object
 * for the garbage collector to follow, and a block is one or two cache lines to fetch. A record is known by its number;
 * the records lie in chunks that never move, so that growing copies nothing. Times are epoch ms.
 */

const CHUNK_BITS = 14;
const CHUNK_RECORDS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_RECORDS - 1;

/**
 * Where the records begin in their buffer: large ones are pages of their own whose first 16 bytes are the allocator's, and
 * so each record lies in one cache line, not across two.
 */
const FIRST = 48;

/** No record; numbers begin at 1. */
export const NONE = 0;

/** Places of the float64 fields, of 8. */
export const TIME = {
  /** When it was stored. */
  stored: 0,
  /** Its last store, re-store or access by a request. */
  touched: 1,
  /** The later of its last touch and its last release. */
  active: 2,
  /** When it left; meaningful for a ghost only. */
  left: 3,
} as const;

/** Places of the 32-bit fields, of 16. */
export const WORD = {
  /** The key, see sampled-keys.ts. */
  low: 8,
  high: 9,
  /** The tier that it is in and the kind of its key. */
  identity: 10,
  state: 11,
  /** Accesses by requests since it was stored, modulo 2^32. */
  accesses: 12,
  /** The event that touched it last, modulo 2^32: a key that one event names twice counts once. */
  event: 13,
} as const;

export const STATE = { free: 0, resident: 1, ghost: 2 } as const;

/** Records that lie one behind the other. */
export interface Chunk {
  /** 8 a record. */
  readonly f64: Float64Array;
  /** The same bytes, 16 a record. */
  readonly i32: Int32Array;
  /**
   * Numbers of the neighbours in a chain, older and newer in turns. They lie apart from the records: taking a record out of
   * its chain looks at nothing else of its neighbours, and many of these fit into a cache.
   */
  readonly links: Int32Array;
}

/** Where the times of a record begin in its chunk. */
export function timesAt(record: number): number {
  return (record & CHUNK_MASK) << 3;
}

/** Where the words of a record begin in its chunk. */
export function wordsAt(record: number): number {
  return (record & CHUNK_MASK) << 4;
}

/** Where the links of a record begin in its chunk. */
export function linksAt(record: number): number {
  return (record & CHUNK_MASK) << 1;
}

export class BlockRecords {
  #chunks: Chunk[] = [];
  /** Numbers below have been given out before. */
  #next = NONE + 1;
  /** The first of those that were given back, linked as the newer one of each other. */
  #free = NONE;

  chunkOf(record: number): Chunk {
    return this.#chunks[record >>> CHUNK_BITS] as Chunk;
  }

  /** A record that nobody has, its fields left as they are. */
  take(): number {
    const record = this.#free;
    if (record === NONE) return this.#takeNext();
    this.#free = this.chunkOf(record).links[linksAt(record) + 1] as number;
    return record;
  }

  give(record: number): void {
    const { i32, links } = this.chunkOf(record);
    i32[wordsAt(record) + WORD.state] = STATE.free;
    links[linksAt(record) + 1] = this.#free;
    this.#free = record;
  }

  /** Above the numbers that have been given out. */
  get end(): number {
    return this.#next;
  }

  /** Gives memory back, for when no record is in use. */
  clear(): void {
    this.#chunks = [];
    this.#next = NONE + 1;
    this.#free = NONE;
  }

  /** Fetches the memory of a record. @returns what lies there */
  touch(record: number): number {
    const { i32, links } = this.chunkOf(record);
    return (i32[wordsAt(record) + WORD.low] as number) ^ (links[linksAt(record)] as number);
  }

  stateOf(record: number): number {
    return this.chunkOf(record).i32[wordsAt(record) + WORD.state] as number;
  }

  /** Whether the record is in use, for that key in that place. */
  is(record: number, low: number, high: number, identity: number): boolean {
    const { i32 } = this.chunkOf(record);
    const at = wordsAt(record);
    return (
      i32[at + WORD.low] === low &&
      i32[at + WORD.high] === high &&
      i32[at + WORD.identity] === identity &&
      i32[at + WORD.state] !== STATE.free
    );
  }

  #takeNext(): number {
    const record = this.#next++;
    if (record >>> CHUNK_BITS >= this.#chunks.length) {
      const buffer = new ArrayBuffer(CHUNK_RECORDS * 64 + FIRST);
      const [f64, i32] = [new Float64Array(buffer, FIRST), new Int32Array(buffer, FIRST)];
      this.#chunks.push({ f64, i32, links: new Int32Array(CHUNK_RECORDS * 2) });
    }
    return record;
  }
}
