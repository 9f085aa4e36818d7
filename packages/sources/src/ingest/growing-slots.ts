import type { BlockList } from '../decode/block-list.js';
import {
  type BlockSlots,
  createSlots,
  gapFor,
  hashAt,
  homeOf,
  isCrowded,
  isUnheld,
  moveAlike,
  nextSlot,
  slotHash,
} from './block-slots.js';

/** Fewer are near anyway: 128 kB, for 4,096 blocks. */
const LEAST_TOUCHED_WORDS = 32_768;
/** More would push each other out of the cache again. {block} */
const MAX_TOUCHED = 2048;
/** Slots that are moved for each block that is added: all have moved long before there is no room again. */
const MOVED_PER_BLOCK = 16;
const NONE: BlockSlots = new Int32Array(0);

/** Scratch of a touch. */
const homes = new Int32Array(MAX_TOUCHED);

/**
 * Slots of a {@link BlockTable} in one array, so that a look-up is one step. When they grow, blocks move to the larger
 * array little by little, so that no batch pays for moving a million of them.
 */
export class GrowingSlots {
  /** Where a block is after {@link bring}. */
  slots = createSlots();
  /** Blocks. */
  size = 0;
  /** Of no meaning: written so that {@link touch} reads. */
  touched = 0;
  /** The smaller array while blocks move out of it: of those with an equal hash either none has moved or all. */
  #former = NONE;
  /** Before this slot of the former array all are empty for good. */
  #next = 0;

  /** Moves on, before so many blocks are added. */
  step(blocks: number): void {
    if (this.#former !== NONE) this.#move(blocks * MOVED_PER_BLOCK);
  }

  /** Moves the blocks of a hash, which is then to be looked for in {@link slots}. */
  bring(hash: number): void {
    if (this.#former !== NONE) moveAlike(this.#former, this.slots, hash);
  }

  /** Counts a block that comes; where it goes, given where it would have gone. */
  place(hash: number, gap: number): number {
    this.size++;
    if (!isCrowded(this.slots, this.size)) return gap;
    this.settle();
    this.#former = this.slots;
    this.#next = 0;
    this.slots = createSlots(2 * this.slots.length);
    this.bring(hash);
    return gapFor(this.slots, hash);
  }

  /** Ends a move. */
  settle(): void {
    if (this.#former !== NONE) this.#move(this.#former.length);
  }

  /** Forgets all blocks and keeps the room: what was there once comes again. */
  clear(): void {
    this.slots.fill(0);
    this.#former = NONE;
    this.size = 0;
  }

  /** Brings near what is known of the blocks of a batch. */
  touch(blocks: BlockList): void {
    if (this.slots.length < LEAST_TOUCHED_WORDS) return;
    const count = Math.min(blocks.length, MAX_TOUCHED);
    this.touched = sumAtHomes(this.slots, blocks, count);
    if (this.#former !== NONE) this.touched ^= sumAtHomes(this.#former, blocks, count);
  }

  #move(slots: number): void {
    const former = this.#former;
    let at = this.#next;
    for (let left = slots; left > 0; left--) {
      // What stands behind a block that moves may take its place.
      while (!isUnheld(former, at)) moveAlike(former, this.slots, hashAt(former, at));
      at = nextSlot(former, at);
      if (at !== 0) continue;
      this.#former = NONE;
      return;
    }
    this.#next = at;
  }
}

/**
 * Reads where blocks are looked for first. Four at a time and with as little as can be between them: more of the reads then
 * fit into the processor's view, and wait side by side.
 */
function sumAtHomes(slots: BlockSlots, blocks: BlockList, count: number): number {
  for (let i = 0; i < count; i++) homes[i] = homeOf(slots, slotHash(blocks.loAt(i), blocks.hiAt(i)));
  let sum = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    sum ^=
      (slots[homes[i] as number] as number) ^
      (slots[homes[i + 1] as number] as number) ^
      (slots[homes[i + 2] as number] as number) ^
      (slots[homes[i + 3] as number] as number);
  }
  for (; i < count; i++) sum ^= slots[homes[i] as number] as number;
  return sum;
}
