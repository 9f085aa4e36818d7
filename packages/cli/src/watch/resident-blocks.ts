import { getBus, TIERS, type Tier } from '@kvscope/core';

export type ResidentBlocks = Readonly<Record<Tier, number | null>>;

/**
 * Blocks that all sources together hold, by what they answer for `kv_cache.block.usage`. Null for a tier of which
 * nobody has spoken yet, or that nobody can tell of, as of one's own engine over NDJSON.
 */
export function residentBlocks(bus = getBus()): ResidentBlocks {
  const resident: Record<Tier, number | null> = { l0: null, l1: null, l2: null };
  for (const source of bus.sources) {
    for (const { tier, evictable, pinned, unknown } of source.occupancy?.().tiers ?? []) {
      if (TIERS.includes(tier)) resident[tier] = (resident[tier] ?? 0) + evictable + pinned + unknown;
    }
  }
  return resident;
}
