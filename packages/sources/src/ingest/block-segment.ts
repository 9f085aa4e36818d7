import type { BlockIdentity } from './identity.js';

const FIELDS = 8;
const SALT_LO = 2;
const SALT_HI = 3;
/** The group plus one: 0 is a free slot. */
const GROUP = 4;
const COUNTS = 5;
const LEAST_SLOTS = 16;
const NONE = -1;

/** Which of the blocks with an equal hash is looked for. */
export const SAME_SALT = 0;
export const ANY_SALT = 1;
/** Any salt, of those that the tier holds. */
export const HELD = 2;
export type Match = typeof SAME_SALT | typeof ANY_SALT | typeof HELD;

/**
 * Reference counts per tier in one typed array with open addressing: a slot holds hash, salt digest, group and
 * three counts, half a cache line in all. Linear probing, and a removal closes the gap behind it, so
 * that there are no tombstones to sweep.
 */
export class BlockSegment {
  size = 0;
  #words = new Int32Array(LEAST_SLOTS * FIELDS);
  #mask = LEAST_SLOTS - 1;
  /** Where a block belongs that {@link find} did not find. */
  #gap = 0;
  /** Names by slot; made when the first named block comes. */
  #names: (string | undefined)[] | undefined;

  /** Something of where a block with that hash belongs: asking for it brings the memory near. */
  touch(hash: number): number {
    return this.#words[(hash & this.#mask) * FIELDS] as number;
  }

  /** The slot of a block, -1 when it is not there. */
  find(hash: number, block: BlockIdentity, match: Match, tier: number): number {
    const words = this.#words;
    const mask = this.#mask;
    const { lo, hi, group } = block;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * FIELDS;
      const grouped = words[at + GROUP];
      if (grouped === 0) {
        this.#gap = slot;
        return NONE;
      }
      if (words[at] !== lo || words[at + 1] !== hi || grouped !== group + 1) continue;
      if (this.#names?.[slot] !== block.name) continue;
      if (match === SAME_SALT) {
        if (words[at + SALT_LO] !== block.saltLo || words[at + SALT_HI] !== block.saltHi) continue;
      } else if (match === HELD && words[at + COUNTS + tier] === 0) continue;
      return slot;
    }
  }

  /** Adds a block with a first reference in a tier: one that {@link find} was just asked for in vain. */
  insert(hash: number, block: BlockIdentity, tier: number): void {
    if ((this.size + 1) * 4 > (this.#mask + 1) * 3) {
      this.#grow();
      this.find(hash, block, SAME_SALT, tier);
    }
    const words = this.#words;
    const slot = this.#gap;
    const at = slot * FIELDS;
    words[at] = block.lo;
    words[at + 1] = block.hi;
    words[at + SALT_LO] = block.saltLo;
    words[at + SALT_HI] = block.saltHi;
    words[at + GROUP] = block.group + 1;
    words[at + COUNTS] = 0;
    words[at + COUNTS + 1] = 0;
    words[at + COUNTS + 2] = 0;
    words[at + COUNTS + tier] = 1;
    if (block.name !== undefined) {
      this.#names ??= [];
      this.#names[slot] = block.name;
    }
    this.size++;
  }

  holds(slot: number, tier: number): boolean {
    return this.#words[slot * FIELDS + COUNTS + tier] !== 0;
  }

  saltLo(slot: number): number {
    return this.#words[slot * FIELDS + SALT_LO] as number;
  }

  saltHi(slot: number): number {
    return this.#words[slot * FIELDS + SALT_HI] as number;
  }

  /** Changes the references in a tier by one; how many there are then. */
  count(slot: number, tier: number, by: 1 | -1): number {
    const at = slot * FIELDS + COUNTS + tier;
    const count = (this.#words[at] as number) + by;
    this.#words[at] = count;
    return count;
  }

  /** Frees the slot if no tier holds its block any more. */
  freeIfGone(slot: number): boolean {
    if (!this.#unheld(slot * FIELDS)) return false;
    this.size--;
    this.#closeGap(slot);
    return true;
  }

  /** Forgets all blocks. Keeps the room: what was there once comes again. */
  clear(): void {
    this.#words.fill(0);
    this.#names = undefined;
    this.size = 0;
  }

  /** Drops all references in a tier; how many blocks are gone altogether. */
  clearTier(tier: number): number {
    const before = this.#words;
    const names = this.#names;
    const size = this.size;
    for (let at = 0; at < before.length; at += FIELDS) before[at + COUNTS + tier] = 0;
    this.#rebuild(before, names, this.#mask + 1);
    return size - this.size;
  }

  #unheld(at: number): boolean {
    const words = this.#words;
    return (
      ((words[at + COUNTS] as number) |
        (words[at + COUNTS + 1] as number) |
        (words[at + COUNTS + 2] as number)) ===
      0
    );
  }

  #closeGap(gap: number): void {
    const words = this.#words;
    const mask = this.#mask;
    let hole = gap;
    words[hole * FIELDS + GROUP] = 0;
    if (this.#names !== undefined) this.#names[hole] = undefined;
    for (let slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * FIELDS;
      if (words[at + GROUP] === 0) return;
      const home = slotHash(words[at] as number, words[at + 1] as number) & mask;
      // It may move into the hole unless its home lies behind the hole.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      for (let i = 0; i < FIELDS; i++) words[hole * FIELDS + i] = words[at + i] as number;
      words[at + GROUP] = 0;
      if (this.#names !== undefined) {
        this.#names[hole] = this.#names[slot];
        this.#names[slot] = undefined;
      }
      hole = slot;
    }
  }

  #grow(): void {
    this.#rebuild(this.#words, this.#names, (this.#mask + 1) * 2);
  }

  #rebuild(from: Int32Array<ArrayBuffer>, names: (string | undefined)[] | undefined, slots: number): void {
    this.#words = new Int32Array(slots * FIELDS);
    this.#mask = slots - 1;
    this.#names = names === undefined ? undefined : [];
    this.size = 0;
    const to = this.#words;
    for (let at = 0; at < from.length; at += FIELDS) {
      if (from[at + GROUP] === 0) continue;
      if (((from[at + COUNTS] as number) | (from[at + 6] as number) | (from[at + 7] as number)) === 0)
        continue;
      let slot = slotHash(from[at] as number, from[at + 1] as number) & this.#mask;
      while (to[slot * FIELDS + GROUP] !== 0) slot = (slot + 1) & this.#mask;
      for (let i = 0; i < FIELDS; i++) to[slot * FIELDS + i] = from[at + i] as number;
      if (this.#names !== undefined) this.#names[slot] = names?.[at / FIELDS];
      this.size++;
    }
  }
}

/** Mixes a hash's words: engines' hashes are uniform, a producer's own numbers need not be. */
export function slotHash(lo: number, hi: number): number {
  let hash = lo ^ Math.imul(hi, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return hash ^ (hash >>> 15);
}
