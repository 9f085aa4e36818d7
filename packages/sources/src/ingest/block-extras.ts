import type { BlockList } from '../decode/block-list.js';
import type { TierIndex } from '../decode/medium.js';
import { type BlockSlots, isUnheld, restOf, setRest } from './block-slots.js';

/** What few blocks have and a slot has no room for. */
interface BlockExtra {
  readonly name: string | undefined;
  readonly group: number;
  readonly saltLo: number;
  readonly saltHi: number;
  /** References in each tier over those that the slot counts; made when the first comes. */
  over: [number, number, number] | undefined;
}

/**
 * Salts, names and large counts of a table's blocks. The rest of a block's slot is its group, or where it has an extra
 * the complement of the extra's place.
 */
export class BlockExtras {
  readonly #extras: (BlockExtra | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#extras.length - this.#free.length;
  }

  /** The rest of a slot for a block of a list. */
  restFor(blocks: BlockList, i: number, group: number): number {
    const { saltLo, saltHi } = blocks;
    const plain = blocks.nameAt(i) === undefined && saltLo[i] === 0 && saltHi[i] === 0;
    return plain ? group : ~this.#add(blocks, i, group);
  }

  /** The block of a slot is gone, or never came in. */
  release(rest: number): void {
    if (rest >= 0) return;
    this.#extras[~rest] = undefined;
    this.#free.push(~rest);
  }

  /** Whether the block of a slot has a listed block's name and group, and where `salted`, its salt. */
  matches(
    slots: BlockSlots,
    at: number,
    blocks: BlockList,
    i: number,
    group: number,
    salted: boolean,
  ): boolean {
    const extra = this.#of(slots, at);
    if ((extra === undefined ? restOf(slots, at) : extra.group) !== group) return false;
    if (extra?.name !== blocks.nameAt(i)) return false;
    if (!salted) return true;
    return (extra?.saltLo ?? 0) === blocks.saltLo[i] && (extra?.saltHi ?? 0) === blocks.saltHi[i];
  }

  /** Gives a listed block the salt of the slot's. */
  resalt(slots: BlockSlots, at: number, blocks: BlockList, i: number): void {
    const extra = this.#of(slots, at);
    blocks.resalt(i, extra?.saltLo ?? 0, extra?.saltHi ?? 0);
  }

  /** Counts a reference that the slot has no room for. */
  addOver(slots: BlockSlots, at: number, tier: TierIndex, blocks: BlockList, i: number, group: number): void {
    if (restOf(slots, at) >= 0) setRest(slots, at, ~this.#add(blocks, i, group));
    const extra = this.#of(slots, at) as BlockExtra;
    extra.over ??= [0, 0, 0];
    extra.over[tier as 0]++;
  }

  /** Takes such a reference back; false when there is none. */
  takeOver(slots: BlockSlots, at: number, tier: TierIndex): boolean {
    const over = this.#of(slots, at)?.over;
    if (over === undefined || over[tier as 0] === 0) return false;
    over[tier as 0]--;
    return true;
  }

  /** The block of a slot lost its references in a tier. */
  clearTier(slots: BlockSlots, at: number, tier: TierIndex): void {
    const over = this.#of(slots, at)?.over;
    if (over !== undefined) over[tier as 0] = 0;
    if (isUnheld(slots, at)) this.release(restOf(slots, at));
  }

  clear(): void {
    this.#extras.length = 0;
    this.#free.length = 0;
  }

  #add(blocks: BlockList, i: number, group: number): number {
    const place = this.#free.pop() ?? this.#extras.length;
    const saltLo = blocks.saltLo[i] as number;
    const saltHi = blocks.saltHi[i] as number;
    this.#extras[place] = { name: blocks.nameAt(i), group, saltLo, saltHi, over: undefined };
    return place;
  }

  #of(slots: BlockSlots, at: number): BlockExtra | undefined {
    const rest = restOf(slots, at);
    return rest < 0 ? this.#extras[~rest] : undefined;
  }
}
