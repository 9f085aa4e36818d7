/** Says that a block is not there. */
export const ABSENT = -1;

const LEAST_PLACES = 1024;
/** Words of an entry, which lie side by side so that finding a block touches one cache line. */
const WORD_BITS = 2;
const WORDS = 1 << WORD_BITS;
const HASH = 0;
const CHECK = 1;
/** One more than the block's position; 0: the place is free. */
const POSITION = 2;
const HOT = 3;

/**
 * Blocks by two hashes of their key, which stand for it: no key is kept. Each has a position, and may be marked hot.
 * Open addressing with linear probing over a table that is at most half full and grows with what it holds. An entry's
 * place is good until something is added or removed.
 */
export class BlockTable {
  #entries = new Uint32Array(WORDS * LEAST_PLACES);
  #size = 0;

  /** Blocks that are there. {block} */
  get size(): number {
    return this.#size;
  }

  /** The block's place, or {@link ABSENT}. */
  find(hash: number, check: number): number {
    const entries = this.#entries;
    // Sampled hashes are low ones: their low bits are as good as any.
    for (let i = this.#homeOf(hash); entries[i + POSITION] !== 0; i = this.#after(i)) {
      if (entries[i + HASH] === hash && entries[i + CHECK] === check) return i;
    }
    return ABSENT;
  }

  /** Adds a block that is not there. @returns its place */
  add(hash: number, check: number, position: number): number {
    if (2 * WORDS * (this.#size + 1) > this.#entries.length) this.#grow();
    this.#size++;
    let place = this.#homeOf(hash);
    while (this.#entries[place + POSITION] !== 0) place = this.#after(place);
    this.#entries[place + HASH] = hash;
    this.#entries[place + CHECK] = check;
    this.#entries[place + POSITION] = position + 1;
    this.#entries[place + HOT] = 0;
    return place;
  }

  /** Removes the block at a place. */
  remove(place: number): void {
    const entries = this.#entries;
    const mask = entries.length - 1;
    let gap = place;
    this.#size--;
    // Whoever was pushed along by the block moves back, so that no search ends early at the gap.
    for (let i = this.#after(gap); entries[i + POSITION] !== 0; i = this.#after(i)) {
      const home = this.#homeOf(entries[i + HASH] as number);
      if (((i - home) & mask) < ((i - gap) & mask)) continue;
      // Written out: for four words copyWithin takes as long as all the rest.
      entries[gap + HASH] = entries[i + HASH] as number;
      entries[gap + CHECK] = entries[i + CHECK] as number;
      entries[gap + POSITION] = entries[i + POSITION] as number;
      entries[gap + HOT] = entries[i + HOT] as number;
      gap = i;
    }
    entries[gap + POSITION] = 0;
  }

  positionAt(place: number): number {
    return (this.#entries[place + POSITION] as number) - 1;
  }

  moveTo(place: number, position: number): void {
    this.#entries[place + POSITION] = position + 1;
  }

  isHot(place: number): boolean {
    return this.#entries[place + HOT] === 1;
  }

  mark(place: number, hot: boolean): void {
    this.#entries[place + HOT] = hot ? 1 : 0;
  }

  #homeOf(hash: number): number {
    return (hash << WORD_BITS) & (this.#entries.length - 1);
  }

  #after(place: number): number {
    return (place + WORDS) & (this.#entries.length - 1);
  }

  #grow(): void {
    const before = this.#entries;
    this.#entries = new Uint32Array(2 * before.length);
    this.#size = 0;
    for (let i = 0; i < before.length; i += WORDS) {
      if (before[i + POSITION] === 0) continue;
      const position = (before[i + POSITION] as number) - 1;
      const place = this.add(before[i + HASH] as number, before[i + CHECK] as number, position);
      this.mark(place, before[i + HOT] === 1);
    }
  }
}
