import type { BlockKey, Tier } from '@kvscope/core';
import type { StoreParts } from './store-parts.js';

export interface LookupOptions {
  /** Only the blocks before the first one that no tier holds count as hits: what attention can use. Default: true. */
  readonly prefix?: boolean;
  /** It repeats a lookup after a failed allocation: it is not published again. Default: false. */
  readonly retry?: boolean;
}

export interface LookupResult {
  /** Blocks asked for: distinct keys. {block} */
  readonly asked: number;
  /** Blocks that count as hits, in whichever tier. {block} */
  readonly hits: number;
  /** Each hit in exactly one tier: the highest that holds it. {block} */
  readonly hitsByTier: Readonly<Record<Tier, number>>;
  /** The keys that are hits, in the order asked. */
  readonly keys: readonly BlockKey[];
}

interface Asked {
  readonly tier: Tier;
  readonly blocks: number;
  readonly startTime: number;
  readonly time: number;
}

/** Asks the tiers from the highest down; what one does not hold is asked of the next. */
export function lookup(parts: StoreParts, keys: readonly BlockKey[], options: LookupOptions): LookupResult {
  const { reports, l0, l1, storage } = parts;
  const { moments } = reports;
  const tierOf = new Map<BlockKey, Tier>();
  const asked: Asked[] = [];
  let open = [...new Set(keys)];
  const distinct = open;
  for (const [tier, holder] of [
    ['l0', l0],
    ['l1', l1],
    ['l2', storage],
  ] as const) {
    if (open.length === 0) break;
    const startTime = moments.now();
    const missed: BlockKey[] = [];
    for (const key of open) {
      if (holder.holds(key)) tierOf.set(key, tier);
      else missed.push(key);
    }
    asked.push({ tier, blocks: open.length, startTime, time: moments.after(startTime) });
    open = missed;
  }
  const hitKeys = hitsOf(distinct, tierOf, options.prefix ?? true);
  const hitsByTier = { l0: 0, l1: 0, l2: 0 };
  for (const key of hitKeys) hitsByTier[tierOf.get(key) as Tier]++;
  if (options.retry !== true) publish(parts, asked, hitsByTier);
  return { asked: distinct.length, hits: hitKeys.length, hitsByTier, keys: hitKeys };
}

function hitsOf(
  keys: readonly BlockKey[],
  tierOf: ReadonlyMap<BlockKey, Tier>,
  prefix: boolean,
): readonly BlockKey[] {
  if (!prefix) return keys.filter((key) => tierOf.has(key));
  const end = keys.findIndex((key) => !tierOf.has(key));
  return end === -1 ? keys : keys.slice(0, end);
}

/**
 * A block behind the end of the prefix is a miss of every tier, wherever it is: so hits and the last tier's misses
 * add up to the blocks asked for. The tiers below the one that holds the last block of all are not asked.
 */
function publish(
  { reports }: StoreParts,
  asked: readonly Asked[],
  hitsByTier: Readonly<Record<Tier, number>>,
) {
  let blocks = asked[0]?.blocks ?? 0;
  for (const { tier, startTime, time } of asked) {
    const hits = hitsByTier[tier];
    const left = blocks;
    reports.publish('lookup.finished', (source) => ({ source, time, tier, blocks: left, hits, startTime }));
    blocks -= hits;
  }
}
