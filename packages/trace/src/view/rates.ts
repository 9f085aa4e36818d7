import { TIERS, type Tier } from '@kvscope/core';
import type { TraceState } from '../state.js';

export interface TierRates {
  readonly stored: number;
  readonly evicted: number;
  readonly read: number;
  readonly written: number;
}

/** Per second. */
export interface Rates {
  readonly events: number;
  /** Blocks stored and read, in any tier. */
  readonly blocks: number;
  readonly lookups: number;
  /** Bytes towards l0 and away from it. */
  readonly loaded: number;
  readonly dumped: number;
  readonly tiers: Readonly<Record<Tier, TierRates>>;
}

/** What happened between two states of one window. @returns undefined when no time lies between them */
export function ratesBetween(before: TraceState, after: TraceState): Rates | undefined {
  const [a, b] = [countsOf(before), countsOf(after)];
  return over(after.time - before.time, (of) => of(b) - of(a));
}

/** The mean rates of a window that is over, or of what there is of it. */
export function ratesOfWindow(state: TraceState): Rates | undefined {
  const counts = countsOf(state);
  const { startTime, endTime } = state.window;
  return over((endTime ?? state.time) - startTime, (of) => of(counts));
}

function over(ms: number, difference: (of: (counts: Rates) => number) => number): Rates | undefined {
  if (!(ms > 0)) return undefined;
  const rate = (of: (counts: Rates) => number): number => (difference(of) * 1000) / ms;
  return {
    events: rate(({ events }) => events),
    blocks: rate(({ blocks }) => blocks),
    lookups: rate(({ lookups }) => lookups),
    loaded: rate(({ loaded }) => loaded),
    dumped: rate(({ dumped }) => dumped),
    tiers: byTier((tier) => ({
      stored: rate(({ tiers }) => tiers[tier].stored),
      evicted: rate(({ tiers }) => tiers[tier].evicted),
      read: rate(({ tiers }) => tiers[tier].read),
      written: rate(({ tiers }) => tiers[tier].written),
    })),
  };
}

function countsOf({ events, moved, tiers }: TraceState): Rates {
  const all = TIERS.map((tier) => tiers[tier]);
  return {
    events,
    blocks: all.reduce((sum, { stored, accessed }) => sum + stored + accessed, 0),
    lookups: all.reduce((sum, { lookups }) => sum + lookups, 0),
    loaded: moved.load,
    dumped: moved.dump,
    tiers: byTier((tier) => {
      const { stored, evicted, io } = tiers[tier];
      return { stored, evicted, read: io.read.bytes, written: io.write.bytes };
    }),
  };
}

function byTier<T>(make: (tier: Tier) => T): Record<Tier, T> {
  return { l0: make('l0'), l1: make('l1'), l2: make('l2') };
}
