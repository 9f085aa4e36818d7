import type { BlockKey, EvictionReason, Source, Tier } from '@kvscope/core';
import type { LifecycleInstruments } from './instruments.js';
import type { LifecycleLimits } from './options.js';
import { type BlockRecord, Population, type TrackedSource, type TrackedTier } from './population.js';

/** Reasons after which a block may be wanted again; a deleted or cleared one was meant to go. */
const LEAVES_GHOST: Readonly<Record<EvictionReason, boolean>> = {
  capacity: true,
  expired: true,
  deleted: false,
  temporary: false,
  cleared: false,
};

/** Follows sampled blocks through their tiers, and records what each step tells. */
export class Tracker {
  readonly population: Population;
  readonly #limits: LifecycleLimits;
  readonly #record: LifecycleInstruments;
  #event = 0;

  constructor(limits: LifecycleLimits, instruments: LifecycleInstruments) {
    this.population = new Population(limits);
    this.#limits = limits;
    this.#record = instruments;
  }

  /**
   * An event of `source` arrives: its time moves on and what has expired by then goes.
   * @param now local time
   * @returns the source's state; undefined when there are too many sources
   */
  arrive(source: Source, time: number, now: number): TrackedSource | undefined {
    this.#event++;
    const state = this.population.sourceOf(source);
    if (state === undefined) return undefined;
    state.arrivedTime = now;
    // One wrong time, in other units say, must not stay the newest for good: it would age all that comes after it.
    const wrongNewest = time < state.newestTime - this.#limits.maxAgeMs && time > Number.NEGATIVE_INFINITY;
    if (wrongNewest || (time > state.newestTime && time < Number.POSITIVE_INFINITY)) state.newestTime = time;
    this.#expireGhosts(state, state.newestTime);
    return state;
  }

  store(home: TrackedTier, key: BlockKey, time: number): void {
    const record = home.blocks.get(key);
    if (record === undefined) {
      if (this.population.full) this.refuse(home.owner.source, home.tier);
      else this.population.addResident(home, key, time, this.#event);
    } else if (record.ghost) this.#storeAgain(record, time);
    else this.#touch(record, time);
  }

  access(home: TrackedTier, key: BlockKey, time: number): void {
    const record = home.blocks.get(key);
    if (record !== undefined && !record.ghost && this.#touch(record, time)) record.accesses++;
  }

  release(home: TrackedTier, key: BlockKey, time: number): void {
    const record = home.blocks.get(key);
    if (record !== undefined && !record.ghost) this.#renew(record, time);
  }

  evict(home: TrackedTier, key: BlockKey, time: number, reason: EvictionReason): void {
    const record = home.blocks.get(key);
    if (record !== undefined && !record.ghost) this.#leave(record, time, reason);
  }

  /** All resident blocks of a tier left; ghosts stay, since they left earlier. */
  clear(home: TrackedTier, time: number): void {
    for (const record of home.blocks.values()) if (!record.ghost) this.#leave(record, time, 'cleared');
  }

  /** What the tier holds is no longer known: blocks and ghosts are forgotten and counted. */
  forget(home: TrackedTier): void {
    for (const record of home.blocks.values()) this.#untrack(record, 'reset');
  }

  refuse(source: Source, tier: Tier): void {
    this.#record.untracked(source, tier, 'limit');
  }

  /** Lets go of what expired with no event to say so. The cost is that of what is found. */
  sweep(now: number): void {
    const { maxAgeMs } = this.#limits;
    for (const state of this.population.sources.values()) {
      const silentMs = now - state.arrivedTime;
      const time = state.newestTime + (state.source.live ? silentMs : 0);
      this.#expireGhosts(state, time);
      const { residents, ghosts } = state;
      // A replay that ended has no time of its own any more: local time alone ages what it left behind.
      const gone = silentMs > maxAgeMs;
      for (let block = residents.oldest; block !== undefined; block = residents.oldest) {
        // Further ahead than that is a wrong time, which would hold up all behind it.
        if (!gone && Math.abs(time - block.activeTime) <= maxAgeMs) break;
        this.#untrack(block, 'age');
      }
      if (!gone) continue;
      for (let ghost = ghosts.oldest; ghost !== undefined; ghost = ghosts.oldest) this.#untrack(ghost, 'age');
      this.population.sources.delete(state.source);
    }
  }

  #touch(record: BlockRecord, time: number): boolean {
    if (record.event === this.#event) return false;
    record.event = this.#event;
    this.#record.touched(record, time);
    if (time > record.touchedTime) record.touchedTime = time;
    this.#renew(record, time);
    return true;
  }

  #renew(record: BlockRecord, time: number): void {
    if (time > record.activeTime) record.activeTime = time;
    record.home.owner.residents.renew(record);
  }

  #storeAgain(ghost: BlockRecord, time: number): void {
    if (time - ghost.leftTime >= this.#limits.windowMs) this.#record.missed(ghost);
    else this.#record.returned(ghost, time);
    if (this.population.full) this.#untrack(ghost, 'limit');
    else this.population.revive(ghost, time, this.#event);
  }

  #leave(record: BlockRecord, time: number, reason: EvictionReason): void {
    this.#record.left(record, time, reason);
    const { home } = record;
    if (!LEAVES_GHOST[reason] || !Number.isFinite(time)) this.population.drop(record);
    else if (!this.population.bury(record, time)) this.refuse(home.owner.source, home.tier);
  }

  #expireGhosts(state: TrackedSource, time: number): void {
    const { ghosts } = state;
    for (let ghost = ghosts.oldest; ghost !== undefined; ghost = ghosts.oldest) {
      const gone = time - ghost.leftTime;
      if (gone < -this.#limits.maxAgeMs) {
        this.#untrack(ghost, 'age');
        continue;
      }
      if (gone < this.#limits.windowMs) return;
      this.#record.missed(ghost);
      this.population.drop(ghost);
    }
  }

  #untrack(record: BlockRecord, reason: 'age' | 'limit' | 'reset'): void {
    this.population.drop(record);
    this.#record.untracked(record.home.owner.source, record.home.tier, reason);
  }
}
