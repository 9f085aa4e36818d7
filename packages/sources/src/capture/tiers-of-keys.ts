import type { BlockKey } from '@kvscope/core';
import { L0, L2, type TierIndex } from '../decode/medium.js';

const MAX_KEYS = 1_000_000;

/** Which tiers hold a key, within the captures that are decoded together. Bounded: the oldest keys go first. */
export class TiersOfKeys {
  readonly #tiers = new Map<BlockKey, number>();

  add(keys: readonly BlockKey[], tier: TierIndex): void {
    for (const key of keys) this.#set(key, (this.#tiers.get(key) ?? 0) | (1 << tier));
  }

  remove(keys: readonly BlockKey[], tier: TierIndex): void {
    for (const key of keys) this.#set(key, (this.#tiers.get(key) ?? 0) & ~(1 << tier));
  }

  clear(): void {
    this.#tiers.clear();
  }

  /** The tiers that hold a key; L0 for one that nobody saw stored. */
  of(key: BlockKey): readonly TierIndex[] {
    const held = this.#tiers.get(key) ?? 0;
    const tiers: TierIndex[] = [];
    for (let tier = L0; tier <= L2; tier++) if ((held & (1 << tier)) !== 0) tiers.push(tier);
    return tiers.length === 0 ? [L0] : tiers;
  }

  /** Keys by the tier they are in; a key in two tiers is in both lists. */
  split(keys: readonly BlockKey[]): ReadonlyMap<TierIndex, readonly BlockKey[]> {
    const split = new Map<TierIndex, BlockKey[]>();
    for (const key of keys) {
      for (const tier of this.of(key)) split.set(tier, [...(split.get(tier) ?? []), key]);
    }
    return split;
  }

  #set(key: BlockKey, tiers: number): void {
    if (tiers === 0) {
      this.#tiers.delete(key);
      return;
    }
    this.#tiers.set(key, tiers);
    if (this.#tiers.size <= MAX_KEYS) return;
    for (const oldest of this.#tiers.keys()) {
      this.#tiers.delete(oldest);
      return;
    }
  }
}
