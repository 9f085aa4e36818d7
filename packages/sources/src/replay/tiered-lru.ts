import { type Bus, createSource, getBus, integerOption, requireThat, TIERS, type Tier } from '@kvscope/core';
import { LruTier } from './lru-tier.js';

/**
 * Blocks that each tier holds: whole numbers from 0 to {@link MAX_CAPACITY}. A tier of 0 blocks, or one that is left
 * out, is absent: it is asked nothing and publishes nothing.
 */
export type TierCapacities = Readonly<Partial<Record<Tier, number>>>;

/** Slots are 32-bit numbers. Memory grows with the blocks that are held, not with the capacity. {block} */
export const MAX_CAPACITY = 2 ** 30;

/**
 * Inclusive LRU tiers in event time: what a cache of these capacities would have done with a trace's requests,
 * published on the bus. Its source has no wall clock of its own (`live` is false).
 */
export class TieredLru {
  readonly #tiers: readonly LruTier[];
  readonly #lookups;
  readonly #source;

  /** @throws RangeError when a capacity is outside its range, or no tier has one */
  constructor(capacities: TierCapacities, bus: Bus = getBus()) {
    const present = TIERS.map((tier) => ({
      tier,
      capacity: integerOption(tier, capacities[tier], 0, 0, MAX_CAPACITY),
    })).filter(({ capacity }) => capacity > 0);
    requireThat(present.length > 0, 'tiers', TIERS.map((tier) => `${tier}: 0`).join(', '), 'one above 0');
    this.#lookups = bus.channel('lookup.finished');
    this.#source = createSource(
      { live: false, accesses: true, occupancy: () => ({ tiers: this.#tiers.map(occupancyOf) }) },
      bus,
    );
    this.#tiers = present.map(({ tier, capacity }) => new LruTier(tier, capacity, this.#source, bus));
  }

  /**
   * Looks a request's blocks up, then touches each of them in each tier, from l0, and publishes what happened.
   * @param time the request's time, which its events carry. ms
   * @param hashIds whole numbers from 0 to 2^53 - 1; this is not checked here
   */
  serve(time: number, hashIds: readonly number[]): void {
    if (this.#lookups.wanted) this.#lookUp(time, hashIds);
    for (const tier of this.#tiers) {
      for (let i = 0; i < hashIds.length; i++) tier.touch(hashIds[i] as number, time);
    }
    for (const tier of this.#tiers) tier.publish(time);
  }

  /** The replay is over: occupancy is asked no more. */
  close(): void {
    this.#source.close();
  }

  /** Only the blocks before the first one that no tier holds are hits: a prefix is of use up to there. */
  #lookUp(time: number, hashIds: readonly number[]): void {
    const tiers = this.#tiers;
    const hits = tiers.map(() => 0);
    for (const id of hashIds) {
      // Not findIndex: a closure for each block made a tenth of what a replay with subscribers takes more than one without.
      let fastest = 0;
      while (fastest < tiers.length && !(tiers[fastest] as LruTier).has(id)) fastest++;
      if (fastest === tiers.length) break;
      hits[fastest] = (hits[fastest] as number) + 1;
    }
    let blocks = hashIds.length;
    for (const [i, { tier }] of this.#tiers.entries()) {
      if (blocks === 0) return;
      const found = hits[i] as number;
      this.#lookups.publish({
        time,
        startTime: time,
        source: this.#source,
        tier,
        blocks,
        hits: found,
      });
      blocks -= found;
    }
  }
}

/** Nothing holds a block between two requests of a trace. */
function occupancyOf({ tier, capacity, size }: LruTier) {
  return { tier, capacity, evictable: size, pinned: 0, unknown: 0 };
}
