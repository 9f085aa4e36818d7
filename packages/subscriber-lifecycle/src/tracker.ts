import type { BlockKey, Clock, EvictionReason, Sampler, Source, Tier } from '@kvscope/core';
import type { Departures, LifecycleInstruments } from './instruments.js';
import type { LifecycleLimits } from './options.js';
import { Population } from './population.js';
import * as layout from './records.js';
import { SLICE } from './sampled-keys.js';
import { MOMENT, type TrackedSource, type TrackedTier } from './tracked-sources.js';

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code.
const { NONE, STATE, TIME, timesAt, WORD, wordsAt } = layout;

/** Reasons after which a block may be wanted again; a deleted or cleared one was meant to go. */
const LEAVES_GHOST: Readonly<Record<EvictionReason, boolean>> = {
  capacity: true,
  expired: true,
  deleted: false,
  temporary: false,
  cleared: false,
};

/**
 * Events of a source come in bursts, and reading the local clock costs as much as sampling eight keys: it is read once
 * for so many events within a millisecond of the source's time.
 */
const EVENTS_PER_READING = 16;
const BURST_MS = 1;

export const SWEEP_INTERVAL_MS = 1000;
/** All records are looked at so often within the time after which one is too old, but so many each time at least. */
const PASSES_PER_AGE = 16;
const LEAST_LOOKS = 16_384;

/** Follows sampled blocks through their tiers, and records what each step tells. */
export class Tracker {
  readonly population: Population;
  readonly #limits: LifecycleLimits;
  readonly #clock: Clock;
  #event = 0;
  /** Time of the event that is worked through. */
  #time = 0;
  /** The first record that the next sweep looks at. */
  #hand = NONE + 1;

  constructor(limits: LifecycleLimits, instruments: LifecycleInstruments, clock: Clock, sampler: Sampler) {
    this.population = new Population(limits, instruments, sampler);
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * An event of `source` arrives: its time moves on and what has expired by then goes.
   * @returns the source's state; undefined when there are too many sources
   */
  arrive(source: Source, time: number): TrackedSource | undefined {
    this.#event = (this.#event + 1) | 0;
    this.#time = time;
    const state = this.population.sources.sourceOf(source);
    if (state === undefined) return undefined;
    const { moments } = state;
    this.#noteArrival(moments, time);
    let newest = moments[MOMENT.newest] as number;
    if (time > newest) {
      if (time < Number.POSITIVE_INFINITY) {
        moments[MOMENT.newest] = time;
        newest = time;
      }
    } else if (time < newest - this.#limits.maxAgeMs && time > Number.NEGATIVE_INFINITY) {
      // One wrong time, in other units say, must not stay the newest for good: it would age all that comes after it.
      moments[MOMENT.newest] = time;
      moments[MOMENT.due] = Number.NEGATIVE_INFINITY;
      newest = time;
    }
    if (newest >= (moments[MOMENT.due] as number)) this.#expireGhosts(state, newest);
    return state;
  }

  /** As {@link arrive}. @returns where the event's blocks are tracked */
  arriveAt(source: Source, tier: Tier, time: number): TrackedTier | undefined {
    const owner = this.arrive(source, time);
    return owner && this.population.sources.tierOf(owner, tier);
  }

  store(home: TrackedTier, keys: readonly BlockKey[]): void {
    const { population } = this;
    for (let from = 0; from < keys.length; from += SLICE) {
      const count = population.locate(home, keys, from);
      for (let i = 0; i < count; i++) {
        const record = population.recordOf(i);
        if (record === NONE) {
          if (!population.addResident(home, i, this.#time, this.#event)) home.record.untracked('limit');
        } else if (population.records.stateOf(record) === STATE.ghost) this.#storeAgain(home, record);
        else this.#touch(home, record, 0);
      }
    }
  }

  access(home: TrackedTier, keys: readonly BlockKey[]): void {
    const { located, records } = this.population;
    for (let from = 0; from < keys.length; from += SLICE) {
      const count = this.population.locate(home, keys, from);
      for (let i = 0; i < count; i++) {
        const record = located[i] as number;
        if (record !== NONE && records.stateOf(record) === STATE.resident) this.#touch(home, record, 1);
      }
    }
  }

  release(home: TrackedTier, keys: readonly BlockKey[]): void {
    const { located, records } = this.population;
    for (let from = 0; from < keys.length; from += SLICE) {
      const count = this.population.locate(home, keys, from);
      for (let i = 0; i < count; i++) {
        const record = located[i] as number;
        if (record !== NONE && records.stateOf(record) === STATE.resident) this.#renew(record);
      }
    }
  }

  evict(home: TrackedTier, keys: readonly BlockKey[], reason: EvictionReason): void {
    const { located, records } = this.population;
    for (let from = 0; from < keys.length; from += SLICE) {
      const count = this.population.locate(home, keys, from);
      if (count === 0) continue;
      const departures = home.record.departures(reason);
      for (let i = 0; i < count; i++) {
        const record = located[i] as number;
        // One that has left with its first mention in this event is free, or a ghost.
        if (record === NONE || records.stateOf(record) !== STATE.resident) continue;
        this.#leave(home, record, departures, LEAVES_GHOST[reason]);
      }
    }
  }

  /** All resident blocks of a tier left; ghosts stay, since they left earlier. */
  clear(home: TrackedTier): void {
    const { residents } = home;
    const departures = home.record.departures('cleared');
    while (residents.oldest !== NONE) this.#leave(home, residents.oldest, departures, LEAVES_GHOST.cleared);
  }

  /** What the tier holds is no longer known: blocks and ghosts are forgotten and counted. */
  forget(home: TrackedTier): void {
    this.#untrackAll(home, 'reset');
  }

  /** Lets go of what expired with no event to say so. To be called each {@link SWEEP_INTERVAL_MS}. */
  sweep(now: number): void {
    for (const state of this.population.sources) {
      this.#expireGhosts(state, timeOf(state, now));
      // A replay that ended has no time of its own any more: local time alone ages what it left behind.
      if (now - (state.moments[MOMENT.arrived] as number) <= this.#limits.maxAgeMs) continue;
      for (const home of state.tiers) this.#untrackAll(home, 'age');
      this.population.forget(state);
    }
    this.#ageResidents(now);
  }

  #noteArrival(moments: Float64Array, time: number): void {
    if (Math.abs(time - (moments[MOMENT.read] as number)) < BURST_MS) {
      const events = (moments[MOMENT.eventsSince] as number) + 1;
      moments[MOMENT.eventsSince] = events;
      if (events < EVENTS_PER_READING) return;
    }
    moments[MOMENT.arrived] = this.#clock.now();
    moments[MOMENT.read] = time;
    moments[MOMENT.eventsSince] = 0;
  }

  /** @param accesses 1 when a request reads it, 0 when it is stored again */
  #touch(home: TrackedTier, record: number, accesses: number): void {
    const { f64, i32 } = this.population.records.chunkOf(record);
    const words = wordsAt(record);
    if (i32[words + WORD.event] === this.#event) return;
    i32[words + WORD.event] = this.#event;
    i32[words + WORD.accesses] = (i32[words + WORD.accesses] as number) + accesses;
    const time = this.#time;
    const times = timesAt(record);
    const touched = f64[times + TIME.touched] as number;
    home.record.touched(time - touched);
    if (time > touched) f64[times + TIME.touched] = time;
    if (time > (f64[times + TIME.active] as number)) f64[times + TIME.active] = time;
  }

  #renew(record: number): void {
    const { f64 } = this.population.records.chunkOf(record);
    const at = timesAt(record) + TIME.active;
    if (this.#time > (f64[at] as number)) f64[at] = this.#time;
  }

  #storeAgain(home: TrackedTier, ghost: number): void {
    const { f64 } = this.population.records.chunkOf(ghost);
    const gone = this.#time - (f64[timesAt(ghost) + TIME.left] as number);
    if (gone >= this.#limits.windowMs) home.record.missed();
    else home.record.returned(gone);
    if (this.population.full) this.#untrack(home, ghost, 'limit');
    else this.population.revive(home, ghost, this.#time, this.#event);
  }

  #leave(home: TrackedTier, record: number, departures: Departures, leavesGhost: boolean): void {
    const time = this.#time;
    const { f64, i32 } = this.population.records.chunkOf(record);
    const times = timesAt(record);
    const lived = time - (f64[times + TIME.stored] as number);
    const idle = time - (f64[times + TIME.active] as number);
    departures.record(lived, idle, (i32[wordsAt(record) + WORD.accesses] as number) >>> 0);
    if (!leavesGhost || !Number.isFinite(time)) this.population.drop(home, record);
    else if (!this.population.bury(home, record, time)) home.record.untracked('limit');
  }

  #expireGhosts({ tiers, moments }: TrackedSource, time: number): void {
    const { windowMs, maxAgeMs } = this.#limits;
    const { population } = this;
    let due = Number.POSITIVE_INFINITY;
    for (const home of tiers) {
      const { ghosts } = home;
      while (ghosts.oldest !== NONE) {
        const ghost = ghosts.oldest;
        const { f64 } = population.records.chunkOf(ghost);
        const gone = time - (f64[timesAt(ghost) + TIME.left] as number);
        if (gone < -maxAgeMs) this.#untrack(home, ghost, 'age');
        else if (gone < windowMs) {
          due = Math.min(due, population.dueTime(ghost));
          break;
        } else {
          home.record.missed();
          population.drop(home, ghost);
        }
      }
    }
    moments[MOMENT.due] = due;
  }

  /** Looks at a part of all records, in their order: so many that a block is found soon after it is too old. */
  #ageResidents(now: number): void {
    const { records } = this.population;
    const { maxAgeMs } = this.#limits;
    const share = (SWEEP_INTERVAL_MS / maxAgeMs) * PASSES_PER_AGE;
    const looks = Math.min(records.end - 1, Math.max(LEAST_LOOKS, Math.ceil(records.end * share)));
    for (let look = 0; look < looks; look++) {
      if (this.#hand >= records.end) this.#hand = NONE + 1;
      const record = this.#hand++;
      if (records.stateOf(record) !== STATE.resident) continue;
      const home = this.population.tierHolding(record);
      const { f64 } = records.chunkOf(record);
      const active = f64[timesAt(record) + TIME.active] as number;
      // Further ahead than that is a wrong time.
      if (Math.abs(timeOf(home.owner, now) - active) <= maxAgeMs) continue;
      this.#untrack(home, record, 'age');
    }
  }

  #untrackAll(home: TrackedTier, reason: 'age' | 'reset'): void {
    const { residents, ghosts } = home;
    while (residents.oldest !== NONE) this.#untrack(home, residents.oldest, reason);
    while (ghosts.oldest !== NONE) this.#untrack(home, ghosts.oldest, reason);
  }

  #untrack(home: TrackedTier, record: number, reason: 'age' | 'limit' | 'reset'): void {
    this.population.drop(home, record);
    home.record.untracked(reason);
  }
}

/** The time of a source, with local time for as long as it has been silent. */
function timeOf({ source, moments }: TrackedSource, now: number): number {
  const silence = source.live ? now - (moments[MOMENT.arrived] as number) : 0;
  return (moments[MOMENT.newest] as number) + silence;
}
