const LEAST_PLACES = 1024;
/** At most one place of so many is taken, so that most searches end where they begin. */
const SPARSE = 8;
/** Words of a position. */
const PAIR = 2;

/**
 * Blocks by the hash and the check of their key, 32 bits each, which stand for it: no key is kept. Each has a position, from 1
 * to a last one, and may be marked hot. Hashes are taken modulo 2^32. A block's place is good until something is added or
 * removed.
 *
 * Open addressing with linear probing, over one word a place: the search for a block that is not there, as most are not that
 * a cache misses, seldom reads anything else.
 */
export class BlockTable {
  /** Twice the position of the block that is there, and 1 more when it is hot; 0 where there is none. */
  #places = new Int32Array(LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  /** Hash and check of the block at each position. */
  #blocks: Int32Array;
  #size = 0;

  /** @param lastPosition the greatest position */
  constructor(lastPosition: number) {
    this.#blocks = new Int32Array(PAIR * (lastPosition + 1));
  }

  /** Blocks that are there. {block} */
  get size(): number {
    return this.#size;
  }

  /** From now on the last position is this one, which is not below any that a block has. */
  resize(lastPosition: number): void {
    const before = this.#blocks;
    this.#blocks = new Int32Array(PAIR * (lastPosition + 1));
    this.#blocks.set(before.subarray(0, this.#blocks.length));
  }

  /** Something of where a block is looked for: asking for it brings the memory near. */
  touch(hash: number): number {
    const word = this.#places[hash & this.#mask] as number;
    return this.#blocks[PAIR * (word >> 1)] as number;
  }

  /** The block's place; below 0, the complement of the one that it would have, when it is not there. */
  find(hash: number, check: number): number {
    const places = this.#places;
    const blocks = this.#blocks;
    const mask = this.#mask;
    // Sampled hashes are low ones: their low bits are as good as any.
    let place = hash & mask;
    for (let word = places[place] as number; word !== 0; word = places[place] as number) {
      const at = PAIR * (word >> 1);
      if (blocks[at] === (hash | 0) && blocks[at + 1] === (check | 0)) return place;
      place = (place + 1) & mask;
    }
    return ~place;
  }

  /** The place of the block that has this position, and is there. */
  findAt(position: number): number {
    const places = this.#places;
    const mask = this.#mask;
    let place = this.hashAt(position) & mask;
    while ((places[place] as number) >> 1 !== position) place = (place + 1) & mask;
    return place;
  }

  /** The hash of the block that was given this position last. */
  hashAt(position: number): number {
    return this.#blocks[PAIR * position] as number;
  }

  /**
   * Adds a block that is not there, and is not hot.
   * @param free what {@link find} just gave for it
   * @returns its place
   */
  add(hash: number, check: number, position: number, free: number): number {
    let place = ~free;
    if (SPARSE * (this.#size + 1) > this.#mask + 1) {
      this.#grow();
      place = ~this.find(hash, check);
    }
    this.#size++;
    this.#blocks[PAIR * position] = hash;
    this.#blocks[PAIR * position + 1] = check;
    this.#places[place] = position << 1;
    return place;
  }

  /** Removes the block at a place. */
  remove(place: number): void {
    const places = this.#places;
    const mask = this.#mask;
    let gap = place;
    this.#size--;
    // Whoever was pushed along by the block moves back, so that no search ends early at the gap.
    for (let i = (gap + 1) & mask; places[i] !== 0; i = (i + 1) & mask) {
      const word = places[i] as number;
      if (((i - this.hashAt(word >> 1)) & mask) < ((i - gap) & mask)) continue;
      places[gap] = word;
      gap = i;
    }
    places[gap] = 0;
  }

  positionAt(place: number): number {
    return (this.#places[place] as number) >> 1;
  }

  /** Gives the block at a place another position. */
  moveTo(place: number, position: number): void {
    const blocks = this.#blocks;
    const word = this.#places[place] as number;
    const from = PAIR * (word >> 1);
    blocks[PAIR * position] = blocks[from] as number;
    blocks[PAIR * position + 1] = blocks[from + 1] as number;
    this.#places[place] = (position << 1) | (word & 1);
  }

  /** 1 where the block is hot, else 0. */
  hotAt(place: number): number {
    return (this.#places[place] as number) & 1;
  }

  mark(place: number, hot: boolean): void {
    this.#places[place] = ((this.#places[place] as number) & -2) | (hot ? 1 : 0);
  }

  /** The first place from `from` on whose block is hot; -1 when there is none. */
  nextHot(from: number): number {
    const places = this.#places;
    let place = from;
    while (place < places.length && ((places[place] as number) & 1) === 0) place++;
    return place < places.length ? place : -1;
  }

  #grow(): void {
    const before = this.#places;
    const places = new Int32Array(2 * before.length);
    const mask = places.length - 1;
    for (const word of before) {
      if (word === 0) continue;
      let place = this.hashAt(word >> 1) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = word;
    }
    this.#places = places;
    this.#mask = mask;
  }
}
