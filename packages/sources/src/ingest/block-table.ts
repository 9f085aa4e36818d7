import type { BlockList } from '../decode/block-list.js';
import { EVERY_TIER, type TierIndex } from '../decode/medium.js';
import type { BlockBudget } from './block-budget.js';
import { ANY_SALT, BlockSegment, HELD, SAME_SALT, slotHash } from './block-segment.js';
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

/** Each segment grows on its own, so that no batch pays for moving a million blocks. */
const SEGMENTS = 32;
const SEGMENT_SHIFT = 27;
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
  lo = 0;
  hi = 0;
  name: string | undefined;
  group = 0;
  saltLo = 0;
  saltHi = 0;
  /** Blocks that each tier holds, by {@link TierIndex}. {block} */
  readonly held: [number, number, number] = [0, 0, 0];
  /** Of no meaning: written so that {@link touch} reads. */
  touched = 0;
  readonly #budget: BlockBudget;
  readonly #segments: readonly BlockSegment[];
  #hash = 0;

  constructor(budget: BlockBudget) {
    this.#budget = budget;
    this.#segments = segments();
  }

  /**
   * Brings near what is known of the blocks of a batch: the waits for memory, of which each block has one, then run side
   * by side instead of one behind the other.
   */
  touch({ lo, hi, length }: BlockList): void {
    const end = Math.min(length, MAX_TOUCHED);
    let sum = 0;
    for (let i = 0; i < end; i++) {
      const hash = slotHash(lo[i] as number, hi[i] as number);
      sum ^= (this.#segments[hash >>> SEGMENT_SHIFT] as BlockSegment).touch(hash);
    }
    this.touched = sum;
  }

  select(blocks: BlockList, at: number, group: number): void {
    this.lo = blocks.lo[at] as number;
    this.hi = blocks.hi[at] as number;
    this.saltLo = blocks.saltLo[at] as number;
    this.saltHi = blocks.saltHi[at] as number;
    this.name = blocks.names.length === 0 ? undefined : blocks.nameAt(at);
    this.group = group;
    this.#hash = slotHash(this.lo, this.hi);
  }

  /** @param placeholder it may be the block of that hash which is known already, whatever its salt */
  add(tier: TierIndex, placeholder: boolean): Outcome {
    const segment = this.#segment();
    const slot = segment.find(this.#hash, this, placeholder ? ANY_SALT : SAME_SALT, tier);
    if (slot >= 0) {
      this.#found(segment, slot);
      if (segment.count(slot, tier, 1) > 1) return COUNTED;
    } else {
      if (!this.#budget.take()) return REFUSED;
      segment.insert(this.#hash, this, tier);
    }
    this.held[tier as 0]++;
    return CHANGED;
  }

  /** Takes a reference back; without a salt, that of any block of this hash which the tier holds. */
  remove(tier: TierIndex): Outcome {
    const segment = this.#segment();
    const salted = (this.saltLo | this.saltHi) !== 0;
    const slot = segment.find(this.#hash, this, salted ? SAME_SALT : HELD, tier);
    // A salted block may be there for another tier only.
    if (slot < 0 || !segment.holds(slot, tier)) return UNKNOWN;
    this.#found(segment, slot);
    if (segment.count(slot, tier, -1) > 0) return COUNTED;
    this.held[tier as 0]--;
    if (segment.freeIfGone(slot)) this.#budget.giveBack(1);
    return CHANGED;
  }

  /** Forgets all that a tier holds, or all tiers; {@link held} tells how much that was until then. */
  clear(tier: TierIndex): void {
    if (tier === EVERY_TIER) {
      for (const segment of this.#segments) {
        this.#budget.giveBack(segment.size);
        segment.clear();
      }
      this.held.fill(0);
      return;
    }
    for (const segment of this.#segments) this.#budget.giveBack(segment.clearTier(tier));
    this.held[tier as 0] = 0;
  }

  #segment(): BlockSegment {
    return this.#segments[this.#hash >>> SEGMENT_SHIFT] as BlockSegment;
  }

  #found(segment: BlockSegment, slot: number): void {
    this.saltLo = segment.saltLo(slot);
    this.saltHi = segment.saltHi(slot);
  }
}

function segments(): BlockSegment[] {
  return Array.from({ length: SEGMENTS }, () => new BlockSegment());
}
