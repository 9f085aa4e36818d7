import type { BlockList } from '../decode/block-list.js';
import { EVERY_TIER, type TierIndex } from '../decode/medium.js';
import type { BlockBudget } from './block-budget.js';
import { type BlockExtra, BlockExtras } from './block-extras.js';
import {
  addReference,
  type BlockSlots,
  clearTier,
  countOf,
  createSlots,
  doubled,
  fillSlot,
  findSlot,
  freeSlot,
  gapFor,
  hasHash,
  homeOf,
  isCrowded,
  isUnheld,
  nextSlot,
  restOf,
  setRest,
  slotHash,
  takeReferences,
} from './block-slots.js';
import type { BlockIdentity } from './identity.js';

/** The first reference came, or the last one went. */
export const CHANGED = 0;
/** One reference of several. */
export const COUNTED = 1;
/** No room to remember it. */
export const REFUSED = 2;
/** Removed without being held. */
export const UNKNOWN = 3;
export type Outcome = typeof CHANGED | typeof COUNTED | typeof REFUSED | typeof UNKNOWN;

/** Which of the blocks with an equal hash is looked for. */
const SAME_SALT = 0;
const ANY_SALT = 1;
/** Any salt, of those that the tier holds. */
const HELD = 2;
type Match = typeof SAME_SALT | typeof ANY_SALT | typeof HELD;

/** Each segment grows on its own, so that no batch pays for moving a million blocks. */
const SEGMENTS = 32;
const SEGMENT_SHIFT = 27;
/** A table of fewer is near anyway. {block} */
const LEAST_TOUCHED_SIZE = 65_536;
/** More would push each other out of the cache again. {block} */
const MAX_TOUCHED = 2048;

/**
 * What one rank of a publisher holds: references per tier, group and hash. Chunks of offloaded blocks overlap and
 * announce a block more than once, so a store and a remove are steps of a count.
 *
 * {@link select} sets the block in question; after {@link add} and {@link remove} its salt is that of the block
 * that was found, since a remove names none.
 */
export class BlockTable implements BlockIdentity {
  name: string | undefined;
  group = 0;
  saltLo = 0;
  saltHi = 0;
  /** Blocks that each tier holds, by {@link TierIndex}. {block} */
  readonly held: [number, number, number] = [0, 0, 0];
  /** Of no meaning: written so that {@link touch} reads. */
  touched = 0;
  readonly #budget: BlockBudget;
  readonly #segments = Array.from({ length: SEGMENTS }, createSlots);
  /** Blocks in each segment, and in all. */
  readonly #sizes = new Int32Array(SEGMENTS);
  #size = 0;
  readonly #extras = new BlockExtras();
  // Of the selected block.
  #hash = 0;
  #hi = 0;
  /** Whether the selected block has neither salt nor name. */
  #plain = true;

  constructor(budget: BlockBudget) {
    this.#budget = budget;
  }

  /**
   * Brings near what is known of the blocks of a batch: the waits for memory, of which each block has one, then run side
   * by side instead of one behind the other.
   */
  touch(blocks: BlockList): void {
    if (this.#size < LEAST_TOUCHED_SIZE) return;
    const end = Math.min(blocks.length, MAX_TOUCHED);
    let sum = 0;
    for (let i = 0; i < end; i++) {
      const hash = slotHash(blocks.loAt(i), blocks.hiAt(i));
      const slots = this.#segments[hash >>> SEGMENT_SHIFT] as BlockSlots;
      sum ^= restOf(slots, homeOf(slots, hash));
    }
    this.touched = sum;
  }

  select(blocks: BlockList, at: number, group: number): void {
    this.group = group;
    this.#hi = blocks.hiAt(at);
    this.#hash = slotHash(blocks.loAt(at), this.#hi);
    this.#plain = blocks.plain;
    this.saltLo = blocks.plain ? 0 : (blocks.saltLo[at] as number);
    this.saltHi = blocks.plain ? 0 : (blocks.saltHi[at] as number);
    this.name = blocks.plain ? undefined : blocks.nameAt(at);
  }

  /** @param placeholder it may be the block of that hash which is known already, whatever its salt */
  add(tier: TierIndex, placeholder: boolean): Outcome {
    const slots = this.#segments[this.#hash >>> SEGMENT_SHIFT] as BlockSlots;
    const at = this.#find(slots, placeholder ? ANY_SALT : SAME_SALT, tier);
    if (at >= 0) {
      if (this.#refer(slots, at, tier)) return COUNTED;
    } else {
      if (!this.#budget.take()) return REFUSED;
      this.#insert(slots, ~at, tier);
    }
    this.held[tier as 0]++;
    return CHANGED;
  }

  /** Takes a reference back; without a salt, that of any block of this hash which the tier holds. */
  remove(tier: TierIndex): Outcome {
    const slots = this.#segments[this.#hash >>> SEGMENT_SHIFT] as BlockSlots;
    const salted = (this.saltLo | this.saltHi) !== 0;
    const at = this.#find(slots, salted ? SAME_SALT : HELD, tier);
    // A salted block may be there for another tier only.
    if (at < 0 || countOf(slots, at, tier) === 0) return UNKNOWN;
    if (this.#unrefer(slots, at, tier)) return COUNTED;
    this.held[tier as 0]--;
    if (isUnheld(slots, at)) this.#free(slots, at);
    return CHANGED;
  }

  /** Forgets all that a tier holds, or all tiers; {@link held} tells how much that was until then. */
  clear(tier: TierIndex): void {
    if (tier === EVERY_TIER) {
      // Keeps the room: what was there once comes again.
      for (const slots of this.#segments) slots.fill(0);
      for (const size of this.#sizes) this.#budget.giveBack(size);
      this.#sizes.fill(0);
      this.#size = 0;
      this.#extras.clear();
      this.held.fill(0);
      return;
    }
    this.#segments.forEach((slots, segment) => {
      const gone = clearTier(slots, tier, (at) => this.#clearExtra(slots, at, tier));
      this.#sizes[segment] = (this.#sizes[segment] as number) - gone;
      this.#size -= gone;
      this.#budget.giveBack(gone);
    });
    this.held[tier as 0] = 0;
  }

  /** Where the selected block's slot begins; the complement of where it belongs when it is not there. */
  #find(slots: BlockSlots, match: Match, tier: TierIndex): number {
    return this.#plain && this.#extras.size === 0
      ? findSlot(slots, this.#hash, this.#hi, this.group)
      : this.#findAny(slots, match, tier);
  }

  /** As {@link #find}, where blocks have more than a hash and a group. Its salt is then that of the block found. */
  #findAny(slots: BlockSlots, match: Match, tier: TierIndex): number {
    const hash = this.#hash;
    let at = homeOf(slots, hash);
    for (; !isUnheld(slots, at); at = nextSlot(slots, at)) {
      if (!hasHash(slots, at, hash, this.#hi) || !this.#same(slots, at, match, tier)) continue;
      const extra = this.#extraOf(slots, at);
      this.saltLo = extra?.saltLo ?? 0;
      this.saltHi = extra?.saltHi ?? 0;
      return at;
    }
    return ~at;
  }

  /** Whether a slot of the selected block's hash is that block's. */
  #same(slots: BlockSlots, at: number, match: Match, tier: TierIndex): boolean {
    if (match === HELD && countOf(slots, at, tier) === 0) return false;
    const extra = this.#extraOf(slots, at);
    if ((extra === undefined ? restOf(slots, at) : extra.group) !== this.group) return false;
    if (extra?.name !== this.name) return false;
    return match !== SAME_SALT || ((extra?.saltLo ?? 0) === this.saltLo && (extra?.saltHi ?? 0) === this.saltHi);
  }

  /** Adds the selected block with a first reference in a tier. */
  #insert(slots: BlockSlots, gap: number, tier: TierIndex): void {
    const hash = this.#hash;
    const segment = hash >>> SEGMENT_SHIFT;
    const size = (this.#sizes[segment] as number) + 1;
    this.#sizes[segment] = size;
    this.#size++;
    let to = slots;
    let at = gap;
    if (isCrowded(slots, size)) {
      to = doubled(slots);
      at = gapFor(to, hash);
      this.#segments[segment] = to;
    }
    const plain = this.#plain || (this.name === undefined && (this.saltLo | this.saltHi) === 0);
    fillSlot(to, at, hash, this.#hi, plain ? this.group : ~this.#extras.add(this), tier);
  }

  /** Adds a reference; whether there was one already. */
  #refer(slots: BlockSlots, at: number, tier: TierIndex): boolean {
    const before = countOf(slots, at, tier);
    if (!addReference(slots, at, tier)) {
      if (restOf(slots, at) >= 0) setRest(slots, at, ~this.#extras.add(this));
      this.#extras.at(~restOf(slots, at)).over[tier as 0]++;
    }
    return before > 0;
  }

  /** Takes a reference back; whether one is left. */
  #unrefer(slots: BlockSlots, at: number, tier: TierIndex): boolean {
    const over = this.#extraOf(slots, at)?.over;
    if (over !== undefined && over[tier as 0] > 0) {
      over[tier as 0]--;
      return true;
    }
    takeReferences(slots, at, tier, 1);
    return countOf(slots, at, tier) > 0;
  }

  #free(slots: BlockSlots, at: number): void {
    const rest = restOf(slots, at);
    if (rest < 0) this.#extras.remove(~rest);
    freeSlot(slots, at);
    const segment = this.#hash >>> SEGMENT_SHIFT;
    this.#sizes[segment] = (this.#sizes[segment] as number) - 1;
    this.#size--;
    this.#budget.giveBack(1);
  }

  /** What an extra still says of a block that lost its references in a tier. */
  #clearExtra(slots: BlockSlots, at: number, tier: TierIndex): void {
    const rest = restOf(slots, at);
    if (rest >= 0) return;
    if (isUnheld(slots, at)) this.#extras.remove(~rest);
    else this.#extras.at(~rest).over[tier as 0] = 0;
  }

  /** What a block has beside hash and group. Its slot then holds the complement of the place, else the group. */
  #extraOf(slots: BlockSlots, at: number): BlockExtra | undefined {
    const rest = restOf(slots, at);
    return rest < 0 ? this.#extras.at(~rest) : undefined;
  }
}
