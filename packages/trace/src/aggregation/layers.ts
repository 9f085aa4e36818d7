import { DEFAULT_STALL_THRESHOLD } from '@kvscope/core';
import type { LayersState } from '../state.js';
import { Distribution } from './distribution.js';

const STALL_MS = DEFAULT_STALL_THRESHOLD * 1000;
/** Batches that are followed at a time, and for how long; further and older ones are orphans. */
const MAX_BATCHES = 4096;
const MAX_AGE_MS = 60_000;

interface OpenBatch {
  readonly since: number;
  waited: number;
  loaded: number;
}

/** Waits and loads of layers, and what a batch hid of its loads behind compute. */
export class Layers {
  readonly #waits = { first: new Distribution(), rest: new Distribution() };
  readonly #loads = { first: new Distribution(), rest: new Distribution() };
  readonly #stalls = { first: 0, rest: 0 };
  readonly #saveTail = new Distribution();
  /** In the order of their first record. */
  readonly #open = new Map<number, OpenBatch>();
  #batches = 0;
  #overlapped = { count: 0, sum: 0 };
  #orphans = 0;

  /** @param now local time, for the bound by age */
  waited(batch: number, first: boolean, ms: number, weight: number, now: number): void {
    const position = first ? 'first' : 'rest';
    this.#waits[position].add(ms, weight);
    if (ms > STALL_MS) this.#stalls[position] += weight;
    const open = this.#batch(batch, now);
    if (open !== undefined) open.waited += ms;
  }

  loaded(batch: number, first: boolean, ms: number, weight: number, now: number): void {
    this.#loads[first ? 'first' : 'rest'].add(ms, weight);
    const open = this.#batch(batch, now);
    if (open !== undefined) open.loaded += ms;
  }

  /** @param saveTailMs not a number for a batch without saves */
  finished(batch: number, saveTailMs: number, weight: number): void {
    this.#batches += weight;
    if (saveTailMs >= 0) this.#saveTail.add(saveTailMs, weight);
    const open = this.#open.get(batch);
    if (open === undefined) return;
    this.#open.delete(batch);
    if (open.loaded === 0) return;
    const overlap = Math.min(1, Math.max(0, 1 - open.waited / open.loaded));
    this.#overlapped.count += weight;
    this.#overlapped.sum += overlap * weight;
  }

  /** Gives up batches whose end did not come. */
  sweep(now: number): void {
    for (const [batch, { since }] of this.#open) {
      if (now - since < MAX_AGE_MS) return;
      this.#open.delete(batch);
      this.#orphans++;
    }
  }

  state(): LayersState {
    const both = (of: Record<'first' | 'rest', Distribution>) => ({
      first: of.first.state(),
      rest: of.rest.state(),
    });
    return {
      waits: both(this.#waits),
      loads: both(this.#loads),
      stalls: { ...this.#stalls },
      saveTail: this.#saveTail.state(),
      batches: this.#batches,
      overlapped: { ...this.#overlapped },
      orphans: this.#orphans,
    };
  }

  #batch(batch: number, now: number): OpenBatch | undefined {
    const known = this.#open.get(batch);
    if (known !== undefined) return known;
    if (this.#open.size >= MAX_BATCHES) {
      this.#orphans++;
      return undefined;
    }
    const opened = { since: now, waited: 0, loaded: 0 };
    this.#open.set(batch, opened);
    return opened;
  }
}
