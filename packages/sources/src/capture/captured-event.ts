import type { BlockKey, EvictionReason, SourceErrorKind, StoreCause, Tier } from '@kvscope/core';
import { TIERS } from '@kvscope/core';
import type { BlockList } from '../decode/block-list.js';
import { EVERY_TIER, L0, type TierIndex } from '../decode/medium.js';
import { keyOf } from '../ingest/identity.js';
import { lineKey } from '../ndjson/line-key.js';

/** Captured bytes and what messages call them. */
export interface Capture {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Called with the capture's name, the reason and how often it held there. */
export type Skip = (name: string, reason: SourceErrorKind, count: number) => void;

/** One event of the bus as a line of JSON has it: `JSON.stringify` makes a line that NDJSON readers take. */
export interface CapturedEvent {
  readonly event:
    | 'block.stored'
    | 'block.accessed'
    | 'block.released'
    | 'block.evicted'
    | 'tier.cleared'
    | 'source.reset';
  readonly tier?: Tier;
  readonly keys?: readonly (string | number)[];
  readonly cause?: StoreCause;
  readonly reason?: EvictionReason;
  readonly by?: string;
  readonly blocks?: number;
  /** Epoch ms. */
  readonly time: number;
  readonly source?: string;
}

export function stored(tier: TierIndex, keys: readonly BlockKey[], time: number): CapturedEvent {
  const cause = tier === L0 ? 'unknown' : 'offloaded';
  return { event: 'block.stored', tier: TIERS[tier] as Tier, keys: lineKeys(keys), cause, time };
}

export function evicted(tier: TierIndex, keys: readonly BlockKey[], time: number): CapturedEvent {
  return {
    event: 'block.evicted',
    tier: TIERS[tier] as Tier,
    keys: lineKeys(keys),
    reason: 'capacity',
    time,
  };
}

/** Keys within one event are distinct. */
function lineKeys(keys: readonly BlockKey[]): (string | number)[] {
  return [...new Set(keys)].map(lineKey);
}

export function cleared(tier: TierIndex, time: number): CapturedEvent {
  return { event: 'tier.cleared', ...(tier !== EVERY_TIER && { tier: TIERS[tier] as Tier }), time };
}

/** The keys of a range of decoded blocks. */
export function keysOf(list: BlockList, start: number, end: number, group: number): BlockKey[] {
  const keys: BlockKey[] = [];
  for (let i = start; i < end; i++) keys.push(keyOf(list, i, group));
  return keys;
}
