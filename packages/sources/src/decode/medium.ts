import { TIERS, type Tier } from '@kvscope/core';
import { WordTable } from './word-table.js';

/** A tier as its place in {@link TIERS}, or {@link EVERY_TIER}: what decoded batches hold by the thousand. */
export type TierIndex = number;
export const L0: TierIndex = 0;
export const L1: TierIndex = 1;
export const L2: TierIndex = 2;
/** A remove or clear that names no tier and speaks of all of them. */
export const EVERY_TIER: TierIndex = 3;

const TIER_OF_MEDIUM = {
  gpu: L0,
  hbm: L0,
  device: L0,
  cpu: L1,
  cpu_pinned: L1,
  host: L1,
  disk: L2,
  ssd: L2,
  storage: L2,
  external: L2,
  remote: L2,
  object: L2,
};

/** The engines' words for where a block is, in any case. */
export const MEDIA = new WordTable<TierIndex>(TIER_OF_MEDIUM, true);

/** The tier at an index other than {@link EVERY_TIER}. */
export function tierAt(index: TierIndex): Tier {
  return TIERS[index] as Tier;
}
