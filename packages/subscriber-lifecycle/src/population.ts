import { type BlockKey, Chain, type Linked, type Source, type Tier } from '@kvscope/core';
import type { LifecycleLimits } from './options.js';

/** One sampled block in one tier of one source: resident, or a ghost that left and may be wanted again. */
export interface BlockRecord extends Linked<BlockRecord> {
  readonly key: BlockKey;
  readonly home: TrackedTier;
  ghost: boolean;
  /** When it was stored. Epoch ms, like all times here. */
  storedTime: number;
  /** Its last store, re-store or access by a request. */
  touchedTime: number;
  /** The later of its last touch and its last release. */
  activeTime: number;
  /** When it left; meaningful for a ghost only. */
  leftTime: number;
  /** Accesses by requests since it was stored. */
  accesses: number;
  /** The event that touched it last: a key that one event names twice counts once. */
  event: number;
}

export interface TrackedTier {
  readonly owner: TrackedSource;
  readonly tier: Tier;
  readonly blocks: Map<BlockKey, BlockRecord>;
  residents: number;
  ghosts: number;
}

export interface TrackedSource {
  readonly source: Source;
  readonly tiers: Map<Tier, TrackedTier>;
  /** Resident blocks, the one idle for longest first. */
  readonly residents: Chain<BlockRecord>;
  /** Ghosts, the one gone for longest first. */
  readonly ghosts: Chain<BlockRecord>;
  /** Time of its newest event. */
  newestTime: number;
  /** Local time at which its newest event arrived. */
  arrivedTime: number;
}

/** Sources whose blocks are tracked at once; blocks of further ones are refused. */
export const MAX_SOURCES = 1024;

/** Every tracked block: bounded over all sources together, so that no number of sources gets round the limits. */
export class Population {
  readonly sources = new Map<Source, TrackedSource>();
  readonly #limits: LifecycleLimits;
  #residents = 0;
  #ghosts = 0;

  constructor(limits: LifecycleLimits) {
    this.#limits = limits;
  }

  /** The state of a source, made when first seen; undefined when there are too many. */
  sourceOf(source: Source): TrackedSource | undefined {
    const known = this.sources.get(source);
    if (known !== undefined || this.sources.size >= MAX_SOURCES) return known;
    const made: TrackedSource = {
      source,
      tiers: new Map(),
      residents: new Chain(),
      ghosts: new Chain(),
      newestTime: Number.NEGATIVE_INFINITY,
      arrivedTime: Number.NEGATIVE_INFINITY,
    };
    this.sources.set(source, made);
    return made;
  }

  tierOf(owner: TrackedSource, tier: Tier): TrackedTier {
    let state = owner.tiers.get(tier);
    if (state === undefined) {
      state = { owner, tier, blocks: new Map(), residents: 0, ghosts: 0 };
      owner.tiers.set(tier, state);
    }
    return state;
  }

  get full(): boolean {
    return this.#residents >= this.#limits.maxResidents;
  }

  /** Adds a resident block; the caller has made sure that there is room. */
  addResident(home: TrackedTier, key: BlockKey, time: number, event: number): void {
    const record: BlockRecord = {
      key,
      home,
      ghost: false,
      storedTime: time,
      touchedTime: time,
      activeTime: time,
      leftTime: 0,
      accesses: 0,
      event,
      older: undefined,
      newer: undefined,
    };
    home.blocks.set(key, record);
    this.#enter(record);
  }

  /** A ghost is stored again, with its history begun anew. */
  revive(record: BlockRecord, time: number, event: number): void {
    this.#leave(record);
    record.ghost = false;
    record.storedTime = time;
    record.touchedTime = time;
    record.activeTime = time;
    record.accesses = 0;
    record.event = event;
    this.#enter(record);
  }

  /** A resident block becomes a ghost; false when there are too many and it was dropped instead. */
  bury(record: BlockRecord, time: number): boolean {
    if (this.#ghosts >= this.#limits.maxGhosts) {
      this.drop(record);
      return false;
    }
    this.#leave(record);
    record.ghost = true;
    record.leftTime = time;
    this.#enter(record);
    return true;
  }

  drop(record: BlockRecord): void {
    this.#leave(record);
    record.home.blocks.delete(record.key);
  }

  #enter(record: BlockRecord): void {
    const { home } = record;
    if (record.ghost) {
      this.#ghosts++;
      home.ghosts++;
      home.owner.ghosts.add(record);
    } else {
      this.#residents++;
      home.residents++;
      home.owner.residents.add(record);
    }
  }

  #leave(record: BlockRecord): void {
    const { home } = record;
    if (record.ghost) {
      this.#ghosts--;
      home.ghosts--;
      home.owner.ghosts.remove(record);
    } else {
      this.#residents--;
      home.residents--;
      home.owner.residents.remove(record);
    }
  }
}
