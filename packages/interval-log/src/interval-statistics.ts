import {
  intervalMs,
  type LayerWaited,
  type LookupFinished,
  requireAmount,
  requirePart,
  requireThat,
  TIERS,
  type Tier,
  type TransferFinished,
} from '@kvscope/core';
import { emptySnapshot, type IntervalSnapshot } from './snapshot.js';

/** Adds up what happens until it is taken. Its size does not depend on how much that is. */
export class IntervalStatistics {
  readonly #stallMs: number;
  #current = emptySnapshot();

  /** @param stallMs a load wait that takes longer is a stall */
  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  /** @throws RangeError when the event contradicts itself; nothing of it is counted then */
  transferred({ from, to, startTime, time, blocks, bytes, errorType }: TransferFinished): void {
    requireTier('transfer.finished: from', from);
    requireTier('transfer.finished: to', to);
    const ms = intervalMs('transfer.finished', startTime, time);
    requireAmount('transfer.finished: blocks', blocks);
    requireAmount('transfer.finished: bytes', bytes);
    const totals = this.#current.transfers[from][to];
    totals.transfers++;
    if (errorType !== undefined) totals.failed++;
    totals.blocks += blocks;
    totals.bytes += bytes;
    totals.seconds += ms / 1000;
  }

  /** @throws RangeError when the event contradicts itself; nothing of it is counted then */
  lookedUp({ tier, blocks, hits }: LookupFinished): void {
    requireTier('lookup.finished: tier', tier);
    requireAmount('lookup.finished: blocks', blocks);
    requirePart('lookup.finished: hits', hits, blocks);
    const totals = this.#current.lookups[tier];
    totals.asked += blocks;
    totals.hits += hits;
  }

  /** @throws RangeError when the event contradicts itself; nothing of it is counted then */
  waited({ operation, startTime, time }: LayerWaited): void {
    const ms = intervalMs('layer.waited', startTime, time);
    if (operation !== 'load' || ms <= this.#stallMs) return;
    this.#current.stalls.stalls++;
    this.#current.stalls.seconds += ms / 1000;
  }

  /** All since it was last taken; counting begins anew. */
  take(): IntervalSnapshot {
    const taken = this.#current;
    this.#current = emptySnapshot();
    return taken;
  }
}

function requireTier(field: string, tier: Tier): void {
  requireThat(TIERS.includes(tier), field, tier, TIERS.join(', '));
}
