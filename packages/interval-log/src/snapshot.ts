import { TIERS, type Tier } from '@kvscope/core';

/** All transfers from one tier to another, those that failed included: what they moved, they really moved. */
export interface TransferTotals {
  readonly transfers: number;
  /** Of those, the ones that failed. */
  readonly failed: number;
  readonly blocks: number;
  readonly bytes: number;
  /** Sum of their durations: bytes / seconds is their mean rate, not a throughput. */
  readonly seconds: number;
}

/** All lookups of one tier. */
export interface LookupTotals {
  /** Blocks asked for. */
  readonly asked: number;
  /** Blocks of those that the tier held. */
  readonly hits: number;
}

/** All load waits of layers that were longer than the threshold. */
export interface StallTotals {
  readonly stalls: number;
  readonly seconds: number;
}

type ByTier<T> = Readonly<Record<Tier, T>>;

/**
 * What happened in one interval of one thread: plain data, which can be posted to another thread and merged there.
 */
export interface IntervalSnapshot {
  /** By source tier, then by destination tier. */
  readonly transfers: ByTier<ByTier<TransferTotals>>;
  readonly lookups: ByTier<LookupTotals>;
  readonly stalls: StallTotals;
}

/** A snapshot that its maker may still add to. */
export type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

export function emptySnapshot(): Writable<IntervalSnapshot> {
  const noTransfers = () => ({ transfers: 0, failed: 0, blocks: 0, bytes: 0, seconds: 0 });
  return {
    transfers: byTier(() => byTier(noTransfers)),
    lookups: byTier(() => ({ asked: 0, hits: 0 })),
    stalls: { stalls: 0, seconds: 0 },
  };
}

export function isEmpty({ transfers, lookups, stalls }: IntervalSnapshot): boolean {
  return (
    stalls.stalls === 0 &&
    TIERS.every((tier) => lookups[tier].asked === 0) &&
    TIERS.every((from) => TIERS.every((to) => transfers[from][to].transfers === 0))
  );
}

/**
 * The snapshot of all that two snapshots saw. The order of merging does not matter: counts and bytes come out
 * exact while they are whole numbers below 2^53, seconds to rounding.
 */
export function mergeSnapshots(a: IntervalSnapshot, b: IntervalSnapshot): IntervalSnapshot {
  return {
    transfers: byTier((from) => byTier((to) => sum(a.transfers[from][to], b.transfers[from][to]))),
    lookups: byTier((tier) => sum(a.lookups[tier], b.lookups[tier])),
    stalls: sum(a.stalls, b.stalls),
  };
}

function sum<T extends { readonly [K in keyof T]: number }>(a: T, b: T): T {
  const fields = Object.keys(a) as (keyof T)[];
  return Object.fromEntries(fields.map((field) => [field, a[field] + b[field]])) as unknown as T;
}

function byTier<T>(make: (tier: Tier) => T): Record<Tier, T> {
  return { l0: make('l0'), l1: make('l1'), l2: make('l2') };
}
