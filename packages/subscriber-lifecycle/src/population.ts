import type { BlockKey, Sampler } from '@kvscope/core';
import { BlockIndex } from './block-index.js';
import type { LifecycleInstruments } from './instruments.js';
import type { LifecycleLimits } from './options.js';
import * as layout from './records.js';
import { SampledKeys, SLICE, tierNumber } from './sampled-keys.js';
import { MOMENT, type TrackedSource, TrackedSources, type TrackedTier } from './tracked-sources.js';

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code.
const { NONE, STATE, TIME, timesAt, WORD, wordsAt } = layout;

/** Every tracked block: bounded over all sources together, so that no number of sources gets round the limits. */
export class Population {
  readonly records = new layout.BlockRecords();
  readonly sources: TrackedSources;
  /** The records of the keys that {@link locate} looked up; {@link NONE} for what has none. */
  readonly located = new Int32Array(SLICE);
  /** What was read only to have it fetched; kept, or the reading would be left out. */
  touched = 0;
  readonly #limits: LifecycleLimits;
  readonly #keys: SampledKeys;
  readonly #hashes = new Int32Array(SLICE);
  readonly #index = new BlockIndex(this.records);
  #residents = 0;
  #ghosts = 0;

  constructor(limits: LifecycleLimits, instruments: LifecycleInstruments, sampler: Sampler) {
    this.#limits = limits;
    this.sources = new TrackedSources(this.records, instruments);
    this.#keys = new SampledKeys(sampler);
  }

  /** The tier that a record is in. */
  tierHolding(record: number): TrackedTier {
    const { i32 } = this.records.chunkOf(record);
    return this.sources.tierNumbered(tierNumber(i32[wordsAt(record) + WORD.identity] as number));
  }

  /** Lets go of a source that has no blocks any more. */
  forget(owner: TrackedSource): void {
    this.sources.forget(owner);
    if (this.#residents + this.#ghosts > 0) return;
    this.records.clear();
    this.#index.clear();
  }

  get full(): boolean {
    return this.#residents >= this.#limits.maxResidents;
  }

  /**
   * Looks up the sampled keys of the slice that begins at place `from`. It goes over all of them step by step, and not
   * through all steps with each: that way the memory of many is fetched at once, where it is not in a cache.
   * @returns how many they are
   */
  locate({ number }: TrackedTier, keys: readonly BlockKey[], from: number): number {
    const count = this.#keys.take(keys, from, number);
    if (count === 0) return 0;
    const { low, high, identity } = this.#keys;
    const { located, records } = this;
    const hashes = this.#hashes;
    const index = this.#index;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const hash = index.hash(low[i] as number, high[i] as number, identity[i] as number);
      hashes[i] = hash;
      touched ^= index.touch(hash);
    }
    for (let i = 0; i < count; i++) {
      const record = index.guess(hashes[i] as number);
      located[i] = record;
      if (record !== NONE) touched ^= records.touch(record);
    }
    for (let i = 0; i < count; i++) {
      const record = located[i] as number;
      if (record !== NONE && !this.#is(record, i)) located[i] = this.#find(i);
    }
    this.touched = touched;
    return count;
  }

  /** The record of the i-th key, which may have left since it was looked up: an event may name a key twice. */
  recordOf(i: number): number {
    const record = this.located[i] as number;
    return this.#is(record, i) ? record : NONE;
  }

  /**
   * Adds the i-th key as a resident block, unless it was added since it was looked up.
   * @returns false when there is no room for it
   */
  addResident(home: TrackedTier, i: number, time: number, event: number): boolean {
    if (this.full) return this.#find(i) !== NONE;
    const { records } = this;
    const { low, high, identity } = this.#keys;
    const lowWord = low[i] as number;
    const highWord = high[i] as number;
    const identityWord = identity[i] as number;
    const record = records.take();
    const found = this.#index.findOrAdd(this.#hashes[i] as number, lowWord, highWord, identityWord, record);
    if (found !== record) {
      records.give(record);
      return found !== NONE;
    }
    const { i32 } = records.chunkOf(record);
    const words = wordsAt(record);
    i32[words + WORD.low] = lowWord;
    i32[words + WORD.high] = highWord;
    i32[words + WORD.identity] = identityWord;
    this.#beginStay(home, record, time, event);
    return true;
  }

  /** A ghost is stored again, with its history begun anew. */
  revive(home: TrackedTier, record: number, time: number, event: number): void {
    this.#removeGhost(home, record);
    this.#beginStay(home, record, time, event);
  }

  /** A resident block becomes a ghost; false when there are too many and it was dropped instead. */
  bury(home: TrackedTier, record: number, time: number): boolean {
    if (this.#ghosts >= this.#limits.maxGhosts) {
      this.drop(home, record);
      return false;
    }
    home.residents.remove(record);
    this.#residents--;
    const { f64, i32 } = this.records.chunkOf(record);
    i32[wordsAt(record) + WORD.state] = STATE.ghost;
    f64[timesAt(record) + TIME.left] = time;
    home.ghosts.add(record);
    this.#ghosts++;
    const { moments } = home.owner;
    moments[MOMENT.due] = Math.min(moments[MOMENT.due] as number, this.dueTime(record));
    return true;
  }

  /** Source time before which a ghost is not due; a ms early, since sums of times are rounded. */
  dueTime(ghost: number): number {
    const { f64 } = this.records.chunkOf(ghost);
    return (f64[timesAt(ghost) + TIME.left] as number) + this.#limits.windowMs - 1;
  }

  drop(home: TrackedTier, record: number): void {
    if (this.records.stateOf(record) === STATE.ghost) {
      this.#removeGhost(home, record);
    } else {
      home.residents.remove(record);
      this.#residents--;
    }
    this.#index.remove(record);
    this.records.give(record);
  }

  /** The ghost behind it may be due before it. */
  #removeGhost(home: TrackedTier, ghost: number): void {
    home.ghosts.remove(ghost);
    this.#ghosts--;
    home.owner.moments[MOMENT.due] = Number.NEGATIVE_INFINITY;
  }

  #is(record: number, i: number): boolean {
    const { low, high, identity } = this.#keys;
    return (
      record !== NONE && this.records.is(record, low[i] as number, high[i] as number, identity[i] as number)
    );
  }

  #find(i: number): number {
    const { low, high, identity } = this.#keys;
    return this.#index.find(
      this.#hashes[i] as number,
      low[i] as number,
      high[i] as number,
      identity[i] as number,
    );
  }

  #beginStay(home: TrackedTier, record: number, time: number, event: number): void {
    const { f64, i32 } = this.records.chunkOf(record);
    const times = timesAt(record);
    f64[times + TIME.stored] = time;
    f64[times + TIME.touched] = time;
    f64[times + TIME.active] = time;
    const words = wordsAt(record);
    i32[words + WORD.state] = STATE.resident;
    i32[words + WORD.accesses] = 0;
    i32[words + WORD.event] = event;
    home.residents.add(record);
    this.#residents++;
  }
}
