const LEAST_PLACES = 1024;
/** At most one place of so many is taken, so that most searches end where they begin. */
const SPARSE = 4;

/**
 * Blocks by two 32-bit hashes of their key, which stand for it: no key is kept. Each has a position, and may be marked
 * hot. Hashes are taken modulo 2^32. Open addressing with linear probing over a table that grows with what it holds. A
 * block's place is good until something is added or removed.
 */
export class BlockTable {
  /** The hash of a block, and its position and mark; side by side, so that a search touches one cache line. */
  #entries = new Int32Array(2 * LEAST_PLACES);
  /** Apart, since it is looked at only where the other hash is the right one. */
  #checks = new Int32Array(LEAST_PLACES);
  #size = 0;

  /** Blocks that are there. {block} */
  get size(): number {
    return this.#size;
  }

  /** Something of where a block is looked for: asking for it brings the memory near. */
  touch(hash: number): number {
    return this.#entries[2 * (hash & (this.#checks.length - 1))] as number;
  }

  /** The block's place; below 0, the complement of the one that it would have, when it is not there. */
  find(hash: number, check: number): number {
    const entries = this.#entries;
    const mask = this.#checks.length - 1;
    // Sampled hashes are low ones: their low bits are as good as any.
    let place = hash & mask;
    for (; entries[2 * place + 1] !== 0; place = (place + 1) & mask) {
      if (entries[2 * place] === (hash | 0) && this.#checks[place] === (check | 0)) return place;
    }
    return ~place;
  }

  /** The place of the block that has this hash and position, and is there. */
  findAt(hash: number, position: number): number {
    const entries = this.#entries;
    const mask = this.#checks.length - 1;
    let place = hash & mask;
    while ((entries[2 * place + 1] as number) >>> 1 !== position + 1) place = (place + 1) & mask;
    return place;
  }

  /**
   * Adds a block that is not there, and is not hot.
   * @param free what {@link find} just gave for it
   * @returns its place
   */
  add(hash: number, check: number, position: number, free: number): number {
    let place = ~free;
    if (SPARSE * (this.#size + 1) > this.#checks.length) {
      this.#grow();
      place = ~this.find(hash, check);
    }
    this.#size++;
    const entries = this.#entries;
    entries[2 * place] = hash;
    entries[2 * place + 1] = (position + 1) << 1;
    this.#checks[place] = check;
    return place;
  }

  /** Removes the block at a place. */
  remove(place: number): void {
    const entries = this.#entries;
    const checks = this.#checks;
    const mask = checks.length - 1;
    let gap = place;
    this.#size--;
    // Whoever was pushed along by the block moves back, so that no search ends early at the gap.
    for (let i = (gap + 1) & mask; entries[2 * i + 1] !== 0; i = (i + 1) & mask) {
      const hash = entries[2 * i] as number;
      if (((i - hash) & mask) < ((i - gap) & mask)) continue;
      entries[2 * gap] = hash;
      entries[2 * gap + 1] = entries[2 * i + 1] as number;
      checks[gap] = checks[i] as number;
      gap = i;
    }
    entries[2 * gap + 1] = 0;
  }

  positionAt(place: number): number {
    return ((this.#entries[2 * place + 1] as number) >>> 1) - 1;
  }

  /** Gives the block at a place another position. */
  moveTo(place: number, position: number): void {
    this.#entries[2 * place + 1] = ((position + 1) << 1) | ((this.#entries[2 * place + 1] as number) & 1);
  }

  isHot(place: number): boolean {
    return ((this.#entries[2 * place + 1] as number) & 1) === 1;
  }

  mark(place: number, hot: boolean): void {
    this.#entries[2 * place + 1] = ((this.#entries[2 * place + 1] as number) & -2) | (hot ? 1 : 0);
  }

  #grow(): void {
    const [entries, checks] = [this.#entries, this.#checks];
    this.#entries = new Int32Array(2 * entries.length);
    this.#checks = new Int32Array(2 * checks.length);
    for (let old = 0; old < checks.length; old++) {
      if (entries[2 * old + 1] === 0) continue;
      const place = ~this.find(entries[2 * old] as number, checks[old] as number);
      this.#entries[2 * place] = entries[2 * old] as number;
      this.#entries[2 * place + 1] = entries[2 * old + 1] as number;
      this.#checks[place] = checks[old] as number;
    }
  }
}
