import type { Source, Tier } from '@kvscope/core';
import { type LifecycleInstruments, TierInstruments } from './instruments.js';
import { RecordChain } from './record-chain.js';
import type { BlockRecords } from './records.js';

export interface TrackedTier {
  readonly owner: TrackedSource;
  readonly tier: Tier;
  /** Tells it from all others that are tracked. */
  readonly number: number;
  readonly record: TierInstruments;
  /** Resident blocks, the one stored first first. */
  readonly residents: RecordChain;
  /** Ghosts, the one gone for longest first. */
  readonly ghosts: RecordChain;
}

export interface TrackedSource {
  readonly source: Source;
  readonly tiers: TrackedTier[];
  /** See {@link MOMENT}: an object would keep each number in a place of its own, and every event looks at them. */
  readonly moments: Float64Array;
}

/** Places in {@link TrackedSource.moments}. */
export const MOMENT = {
  /** Time of its newest event. */
  newest: 0,
  /** Time of the source before which no ghost can be due. */
  due: 1,
  /** Local time at which its newest event arrived. */
  arrived: 2,
  /** Event time when the local clock was read last, and the events that have come since. */
  read: 3,
  eventsSince: 4,
} as const;

/** Sources whose blocks are tracked at once; blocks of further ones are refused. */
export const MAX_SOURCES = 1024;

/** The sources and tiers that have tracked blocks. */
export class TrackedSources {
  readonly #records: BlockRecords;
  readonly #instruments: LifecycleInstruments;
  readonly #sources = new Map<Source, TrackedSource>();
  /** By number; numbers are given out again. */
  readonly #tiers: (TrackedTier | undefined)[] = [];
  /** Events come in runs of one source. */
  #last: TrackedSource | undefined;

  constructor(records: BlockRecords, instruments: LifecycleInstruments) {
    this.#records = records;
    this.#instruments = instruments;
  }

  [Symbol.iterator](): Iterator<TrackedSource> {
    return this.#sources.values();
  }

  /** The state of a source, made when first seen; undefined when there are too many. */
  sourceOf(source: Source): TrackedSource | undefined {
    if (this.#last?.source === source) return this.#last;
    let state = this.#sources.get(source);
    if (state === undefined) {
      if (this.#sources.size >= MAX_SOURCES) return undefined;
      state = {
        source,
        tiers: [],
        moments: Float64Array.of(
          Number.NEGATIVE_INFINITY,
          Number.POSITIVE_INFINITY,
          Number.NEGATIVE_INFINITY,
          Number.NaN,
          0,
        ),
      };
      this.#sources.set(source, state);
    }
    this.#last = state;
    return state;
  }

  tierOf(owner: TrackedSource, tier: Tier): TrackedTier {
    const { tiers } = owner;
    for (let i = 0; i < tiers.length; i++) {
      const known = tiers[i] as TrackedTier;
      if (known.tier === tier) return known;
    }
    const free = this.#tiers.indexOf(undefined);
    const state = {
      owner,
      tier,
      number: free < 0 ? this.#tiers.length : free,
      record: new TierInstruments(this.#instruments, owner.source, tier),
      residents: new RecordChain(this.#records),
      ghosts: new RecordChain(this.#records),
    };
    this.#tiers[state.number] = state;
    owner.tiers.push(state);
    return state;
  }

  tierNumbered(number: number): TrackedTier {
    return this.#tiers[number] as TrackedTier;
  }

  /** Lets go of a source. */
  forget(owner: TrackedSource): void {
    for (const { number } of owner.tiers) this.#tiers[number] = undefined;
    this.#sources.delete(owner.source);
    this.#last = undefined;
  }
}
