import type { TierIndex } from '../decode/medium.js';

/**
 * The blocks of a {@link BlockTable}: slots side by side in a typed array with open addressing, four to a cache line.
 * Linear probing, and a removal closes the gap behind it, so that there are no tombstones to sweep.
 */
export type BlockSlots = Int32Array<ArrayBuffer>;

// The words of a slot. Its first is slotHash of the block, which with the high word tells the whole hash.
const FIELDS = 4;
const FIELDS_SHIFT = 2;
const HI = 1;
/** References in each tier, {@link COUNT_BITS} each. A block has at least one: all 0 is a free slot. */
const COUNTS = 2;
/** What else tells the block from others of its hash: a number of the table's. */
const REST = 3;
const COUNT_BITS = 10;
const MAX_COUNT = 2 ** COUNT_BITS - 1;

const LEAST_WORDS = 2048;
/** Slots to a block at least: a look-up then seldom leaves the cache line. */
const SLOTS_PER_BLOCK = 2;

/** @param words 4 for each slot; a power of 2 */
export function createSlots(words = LEAST_WORDS): BlockSlots {
  return new Int32Array(words);
}

/**
 * Mixes a hash's words: engines' hashes are uniform, a producer's own numbers need not be. Each step can be undone, so
 * two low words with the same high word never give the same number.
 */
export function slotHash(lo: number, hi: number): number {
  let hash = lo ^ Math.imul(hi, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return hash ^ (hash >>> 15);
}

/** Where a slot begins: that of a block of this hash, or the first that it was kept out of. */
export function homeOf(slots: BlockSlots, hash: number): number {
  return (hash << FIELDS_SHIFT) & (slots.length - 1);
}

/** Where the slot of a block begins; the complement of where it belongs when it is not there. */
export function findSlot(slots: BlockSlots, hash: number, hi: number, rest: number): number {
  const mask = slots.length - 1;
  let at = homeOf(slots, hash);
  for (; slots[at + COUNTS] !== 0; at = (at + FIELDS) & mask) {
    if (slots[at] === hash && slots[at + HI] === hi && slots[at + REST] === rest) return at;
  }
  return ~at;
}

export function nextSlot(slots: BlockSlots, at: number): number {
  return (at + FIELDS) & (slots.length - 1);
}

export function hashAt(slots: BlockSlots, at: number): number {
  return slots[at] as number;
}

export function hasHash(slots: BlockSlots, at: number, hash: number, hi: number): boolean {
  return slots[at] === hash && slots[at + HI] === hi;
}

/** Fills a free slot with a block and its first reference. */
export function fillSlot(
  slots: BlockSlots,
  at: number,
  hash: number,
  hi: number,
  rest: number,
  tier: TierIndex,
): void {
  slots[at] = hash;
  slots[at + HI] = hi;
  slots[at + COUNTS] = 1 << (tier * COUNT_BITS);
  slots[at + REST] = rest;
}

export function restOf(slots: BlockSlots, at: number): number {
  return slots[at + REST] as number;
}

export function setRest(slots: BlockSlots, at: number, rest: number): void {
  slots[at + REST] = rest;
}

/** References that a slot counts in a tier. */
export function countOf(slots: BlockSlots, at: number, tier: TierIndex): number {
  return ((slots[at + COUNTS] as number) >>> (tier * COUNT_BITS)) & MAX_COUNT;
}

/** Changes a tier's references by one; false when there are as many as a slot can count. */
export function addReference(slots: BlockSlots, at: number, tier: TierIndex): boolean {
  if (countOf(slots, at, tier) === MAX_COUNT) return false;
  slots[at + COUNTS] = (slots[at + COUNTS] as number) + (1 << (tier * COUNT_BITS));
  return true;
}

/** Takes back references of a tier. What has none left in any must be freed. */
export function takeReferences(slots: BlockSlots, at: number, tier: TierIndex, count: number): void {
  slots[at + COUNTS] = (slots[at + COUNTS] as number) - (count << (tier * COUNT_BITS));
}

export function isUnheld(slots: BlockSlots, at: number): boolean {
  return slots[at + COUNTS] === 0;
}

/** Frees a slot, and moves up what stands behind it because it was taken. */
export function freeSlot(slots: BlockSlots, at: number): void {
  const mask = slots.length - 1;
  let hole = at;
  for (let next = (at + FIELDS) & mask; slots[next + COUNTS] !== 0; next = (next + FIELDS) & mask) {
    // It may move into the hole unless its home lies behind the hole.
    if (((next - homeOf(slots, slots[next] as number)) & mask) < ((next - hole) & mask)) continue;
    copySlot(slots, next, slots, hole);
    hole = next;
  }
  slots[hole + COUNTS] = 0;
}

/** Whether so many blocks are more than the slots are for. */
export function isCrowded(slots: BlockSlots, blocks: number): boolean {
  return blocks * SLOTS_PER_BLOCK * FIELDS > slots.length;
}

/** Moves all blocks of a hash, in their order. */
export function moveAlike(from: BlockSlots, to: BlockSlots, hash: number): void {
  const mask = from.length - 1;
  let at = homeOf(from, hash);
  while (from[at + COUNTS] !== 0) {
    if (from[at] === hash) {
      copySlot(from, at, to, gapFor(to, hash));
      freeSlot(from, at);
    } else at = (at + FIELDS) & mask;
  }
}

/** Drops all references in a tier, each told first; how many blocks are unheld then, and gone. */
export function clearTier(slots: BlockSlots, tier: TierIndex, told: (at: number) => void): number {
  let gone = 0;
  for (let at = 0; at < slots.length; at += FIELDS) {
    if (isUnheld(slots, at)) continue;
    takeReferences(slots, at, tier, countOf(slots, at, tier));
    told(at);
    if (isUnheld(slots, at)) gone++;
  }
  const before = slots.slice();
  slots.fill(0);
  for (let at = 0; at < before.length; at += FIELDS) {
    if (!isUnheld(before, at)) copySlot(before, at, slots, gapFor(slots, hashAt(before, at)));
  }
  return gone;
}

/** Where a block of that hash goes that is not there. */
export function gapFor(slots: BlockSlots, hash: number): number {
  const mask = slots.length - 1;
  let at = homeOf(slots, hash);
  while (slots[at + COUNTS] !== 0) at = (at + FIELDS) & mask;
  return at;
}

function copySlot(from: BlockSlots, at: number, to: BlockSlots, into: number): void {
  to[into] = from[at] as number;
  to[into + HI] = from[at + HI] as number;
  to[into + COUNTS] = from[at + COUNTS] as number;
  to[into + REST] = from[at + REST] as number;
}
