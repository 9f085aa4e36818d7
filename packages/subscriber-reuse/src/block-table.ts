const LEAST_PLACES = 1024;
/** At most one place of so many is taken, so that most searches end where they begin. */
const SPARSE = 4;
/** Words of a place: hash and check of a block, and its position and mark, which is 0 where there is no block. */
const WORDS = 3;
const CHECK = 1;
const POSITION = 2;

/**
 * Blocks by the hash and the check of their key, 32 bits each, which stand for it: no key is kept. Each has a position, and may
 * be marked hot. Hashes are taken modulo 2^32. Open addressing with linear probing over a table that grows with what it holds.
 * A block's place is good until something is added or removed.
 */
export class BlockTable {
  /** All of a block side by side, so that a search seldom touches more than one cache line. */
  #words = new Int32Array(WORDS * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  #size = 0;

  /** Blocks that are there. {block} */
  get size(): number {
    return this.#size;
  }

  /** Something of where a block is looked for: asking for it brings the memory near. */
  touch(hash: number): number {
    return this.#words[WORDS * (hash & this.#mask)] as number;
  }

  /** The block's place; below 0, the complement of the one that it would have, when it is not there. */
  find(hash: number, check: number): number {
    const words = this.#words;
    const mask = this.#mask;
    // Sampled hashes are low ones: their low bits are as good as any.
    let place = hash & mask;
    for (let at = WORDS * place; words[at + POSITION] !== 0; at = WORDS * place) {
      if (words[at] === (hash | 0) && words[at + CHECK] === (check | 0)) return place;
      place = (place + 1) & mask;
    }
    return ~place;
  }

  /** The place of the block that has this hash and position, and is there. */
  findAt(hash: number, position: number): number {
    const words = this.#words;
    const mask = this.#mask;
    let place = hash & mask;
    while ((words[WORDS * place + POSITION] as number) >>> 1 !== position + 1) place = (place + 1) & mask;
    return place;
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
    const words = this.#words;
    const at = WORDS * place;
    words[at] = hash;
    words[at + CHECK] = check;
    words[at + POSITION] = (position + 1) << 1;
    return place;
  }

  /** Removes the block at a place. */
  remove(place: number): void {
    const words = this.#words;
    const mask = this.#mask;
    let gap = place;
    this.#size--;
    // Whoever was pushed along by the block moves back, so that no search ends early at the gap.
    for (let i = (gap + 1) & mask; words[WORDS * i + POSITION] !== 0; i = (i + 1) & mask) {
      const hash = words[WORDS * i] as number;
      if (((i - hash) & mask) < ((i - gap) & mask)) continue;
      copyBlock(words, WORDS * i, words, WORDS * gap);
      gap = i;
    }
    words[WORDS * gap + POSITION] = 0;
  }

  positionAt(place: number): number {
    return ((this.#words[WORDS * place + POSITION] as number) >>> 1) - 1;
  }

  /** Gives the block at a place another position. */
  moveTo(place: number, position: number): void {
    const at = WORDS * place + POSITION;
    this.#words[at] = ((position + 1) << 1) | ((this.#words[at] as number) & 1);
  }

  hashAt(place: number): number {
    return this.#words[WORDS * place] as number;
  }

  /** 1 where the block is hot, else 0. */
  hotAt(place: number): number {
    return (this.#words[WORDS * place + POSITION] as number) & 1;
  }

  mark(place: number, hot: boolean): void {
    const at = WORDS * place + POSITION;
    this.#words[at] = ((this.#words[at] as number) & -2) | (hot ? 1 : 0);
  }

  /** The first place from `from` on whose block is hot; -1 when there is none. */
  nextHot(from: number): number {
    const words = this.#words;
    let at = WORDS * from + POSITION;
    while (at < words.length && ((words[at] as number) & 1) === 0) at += WORDS;
    return at < words.length ? (at - POSITION) / WORDS : -1;
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Int32Array(2 * before.length);
    this.#mask = 2 * this.#mask + 1;
    for (let at = 0; at < before.length; at += WORDS) {
      if (before[at + POSITION] === 0) continue;
      const place = ~this.find(before[at] as number, before[at + CHECK] as number);
      copyBlock(before, at, this.#words, WORDS * place);
    }
  }
}

function copyBlock(from: Int32Array, at: number, into: Int32Array, to: number): void {
  for (let word = 0; word < WORDS; word++) into[to + word] = from[at + word] as number;
}
