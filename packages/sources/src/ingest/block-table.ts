import type { BlockList } from '../decode/block-list.js';
import { EVERY_TIER, type TierIndex } from '../decode/medium.js';
import type { BlockBudget } from './block-budget.js';
import { BlockExtras } from './block-extras.js';
import {
  addReference,
  type BlockSlots,
  clearTier,
  countOf,
  fillSlot,
  findSlot,
  freeSlot,
  hasHash,
  homeOf,
  isUnheld,
  nextSlot,
  restOf,
  slotHash,
  takeReferences,
} from './block-slots.js';
import { GrowingSlots } from './growing-slots.js';

/** Which of the blocks with an equal hash is looked for. */
const SAME_SALT = 0;
const ANY_SALT = 1;
/** Any salt, of those that the tier holds. */
const HELD = 2;
type Match = typeof SAME_SALT | typeof ANY_SALT | typeof HELD;

const LEAST_CHANGED = 64;

/**
 * What one rank of a publisher holds: references per tier, group and hash. Chunks of offloaded blocks overlap and
 * announce a block more than once, so a store and a remove are steps of a count.
 *
 * {@link add} and {@link remove} take some blocks of a list, and give each the salt of the block that was found, since a
 * remove names none.
 */
export class BlockTable {
  /** Blocks that each tier holds, by {@link TierIndex}. {block} */
  readonly held: [number, number, number] = [0, 0, 0];
  // About the last call of add or remove.
  /** Places in the list of the blocks whose first reference came, or whose last one went. */
  changed = new Int32Array(LEAST_CHANGED);
  /** Blocks that there was no room to remember. {block} */
  refused = 0;
  /** Blocks that were removed without being held. {block} */
  unknown = 0;
  readonly #budget: BlockBudget;
  readonly #grown = new GrowingSlots();
  readonly #extras = new BlockExtras();
  #changes = 0;

  constructor(budget: BlockBudget) {
    this.#budget = budget;
  }

  /**
   * Brings near what is known of the blocks of a batch: the waits for memory, of which each block has one, then run side
   * by side instead of one behind the other.
   */
  touch(blocks: BlockList): void {
    this.#grown.touch(blocks);
  }

  /**
   * Adds a reference of each block from `start` up to `end`; how many are {@link changed}.
   * @param placeholder it may be the block of that hash which is known already, whatever its salt
   */
  add(
    blocks: BlockList,
    start: number,
    end: number,
    group: number,
    tier: TierIndex,
    placeholder: boolean,
  ): number {
    this.#begin(end - start);
    this.#grown.step(end - start);
    let i = start;
    if (this.#isPlain(blocks)) i = this.#addPlain(blocks, start, end, group, tier);
    for (; i < end; i++) this.#add(blocks, i, group, tier, placeholder ? ANY_SALT : SAME_SALT);
    this.held[tier as 0] += this.#changes;
    return this.#changes;
  }

  /**
   * Takes a reference of each block back; without a salt, that of any block of this hash which the tier holds. How many
   * are {@link changed}.
   */
  remove(blocks: BlockList, start: number, end: number, group: number, tier: TierIndex): number {
    this.#begin(end - start);
    if (this.#isPlain(blocks)) this.#removePlain(blocks, start, end, group, tier);
    else for (let i = start; i < end; i++) this.#remove(blocks, i, group, tier);
    this.held[tier as 0] -= this.#changes;
    return this.#changes;
  }

  /** Forgets all that a tier holds, or all tiers; {@link held} tells how much that was until then. */
  clear(tier: TierIndex): void {
    if (tier === EVERY_TIER) {
      this.#budget.giveBack(this.#grown.size);
      this.#grown.clear();
      this.#extras.clear();
      this.held.fill(0);
      return;
    }
    this.#grown.settle();
    const { slots } = this.#grown;
    const gone = clearTier(slots, tier, (at) => this.#extras.clearTier(slots, at, tier));
    this.#grown.size -= gone;
    this.#budget.giveBack(gone);
    this.held[tier as 0] = 0;
  }

  #begin(count: number): void {
    if (this.changed.length < count) this.changed = new Int32Array(2 * count);
    this.#changes = 0;
    this.refused = 0;
    this.unknown = 0;
  }

  /** Whether neither the blocks asked for nor those known have more than a hash and a group. */
  #isPlain(blocks: BlockList): boolean {
    return blocks.plain && this.#extras.size === 0;
  }

  /** Adds until a block is no longer plain, and that one is next: where it stopped. */
  #addPlain(blocks: BlockList, start: number, end: number, group: number, tier: TierIndex): number {
    for (let i = start; i < end; i++) {
      const hi = blocks.hiAt(i);
      const hash = slotHash(blocks.loAt(i), hi);
      const slots = this.#slotsFor(hash);
      const at = findSlot(slots, hash, hi, group);
      if (at < 0) this.#insert(~at, hash, hi, group, tier, i);
      else {
        const count = countOf(slots, at, tier);
        if (!addReference(slots, at, tier)) return i;
        if (count === 0) this.changed[this.#changes++] = i;
      }
    }
    return end;
  }

  #removePlain(blocks: BlockList, start: number, end: number, group: number, tier: TierIndex): void {
    for (let i = start; i < end; i++) {
      const hi = blocks.hiAt(i);
      const hash = slotHash(blocks.loAt(i), hi);
      const slots = this.#slotsFor(hash);
      const at = findSlot(slots, hash, hi, group);
      const count = at < 0 ? 0 : countOf(slots, at, tier);
      if (count === 0) {
        this.unknown++;
        continue;
      }
      takeReferences(slots, at, tier, 1);
      if (count > 1) continue;
      this.changed[this.#changes++] = i;
      if (isUnheld(slots, at)) this.#free(slots, at);
    }
  }

  #add(blocks: BlockList, i: number, group: number, tier: TierIndex, match: Match): void {
    const hi = blocks.hiAt(i);
    const hash = slotHash(blocks.loAt(i), hi);
    const slots = this.#slotsFor(hash);
    const at = this.#find(slots, hash, blocks, i, group, match, tier);
    if (at < 0) {
      const rest = this.#extras.restFor(blocks, i, group);
      if (!this.#insert(~at, hash, hi, rest, tier, i)) this.#extras.release(rest);
      return;
    }
    this.#extras.resalt(slots, at, blocks, i);
    if (countOf(slots, at, tier) === 0) this.changed[this.#changes++] = i;
    if (!addReference(slots, at, tier)) this.#extras.addOver(slots, at, tier, blocks, i, group);
  }

  #remove(blocks: BlockList, i: number, group: number, tier: TierIndex): void {
    const hash = slotHash(blocks.loAt(i), blocks.hiAt(i));
    const slots = this.#slotsFor(hash);
    const salted = blocks.saltLo[i] !== 0 || blocks.saltHi[i] !== 0;
    const at = this.#find(slots, hash, blocks, i, group, salted ? SAME_SALT : HELD, tier);
    // A salted block may be there for another tier only.
    if (at < 0 || countOf(slots, at, tier) === 0) {
      this.unknown++;
      return;
    }
    this.#extras.resalt(slots, at, blocks, i);
    if (this.#extras.takeOver(slots, at, tier)) return;
    takeReferences(slots, at, tier, 1);
    if (countOf(slots, at, tier) > 0) return;
    this.changed[this.#changes++] = i;
    if (isUnheld(slots, at)) this.#free(slots, at);
  }

  #slotsFor(hash: number): BlockSlots {
    this.#grown.bring(hash);
    return this.#grown.slots;
  }

  /** Where a block's slot begins; the complement of where it belongs when it is not there. */
  #find(
    slots: BlockSlots,
    hash: number,
    blocks: BlockList,
    i: number,
    group: number,
    match: Match,
    tier: TierIndex,
  ): number {
    let at = homeOf(slots, hash);
    for (; !isUnheld(slots, at); at = nextSlot(slots, at)) {
      if (!hasHash(slots, at, hash, blocks.hiAt(i))) continue;
      if (match === HELD && countOf(slots, at, tier) === 0) continue;
      if (this.#extras.matches(slots, at, blocks, i, group, match === SAME_SALT)) return at;
    }
    return ~at;
  }

  /** Adds a block, the list's at `i`, with a first reference in a tier; false when there is no room. */
  #insert(gap: number, hash: number, hi: number, rest: number, tier: TierIndex, i: number): boolean {
    if (!this.#budget.take()) {
      this.refused++;
      return false;
    }
    const at = this.#grown.place(hash, gap);
    fillSlot(this.#grown.slots, at, hash, hi, rest, tier);
    this.changed[this.#changes++] = i;
    return true;
  }

  #free(slots: BlockSlots, at: number): void {
    this.#extras.release(restOf(slots, at));
    freeSlot(slots, at);
    this.#grown.size--;
    this.#budget.giveBack(1);
  }
}
