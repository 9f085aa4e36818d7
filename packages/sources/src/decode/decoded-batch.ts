import { SOURCE_ERROR_KINDS, type SourceErrorKind } from '@kvscope/core';
import { BlockList, grown } from './block-list.js';
import type { TierIndex } from './medium.js';

/** What an event of an engine says about its blocks. */
export const STORED = 0;
export const REMOVED = 1;
export const CLEARED = 2;
/** Left `tier` and entered `destination`, with its identity unchanged. */
export const MOVED = 3;
export type EventKind = typeof STORED | typeof REMOVED | typeof CLEARED | typeof MOVED;

const FIELDS = 6;
/** The field behind those that tell one event from another: where its blocks end. */
const BLOCKS_END = 5;

/**
 * One decoded message of an engine, before anything is remembered about its blocks. Reused for the next message: it
 * is valid until then. It is filled completely before anyone reads it, so that a payload which breaks off in the
 * middle leaves no trace.
 */
export class DecodedBatch {
  /** Epoch ms. */
  time = Number.NaN;
  /** Data-parallel rank, where the batch tells it. */
  rank: number | undefined;
  /** Events. */
  size = 0;
  readonly blocks = new BlockList();
  /** Whether events were skipped. */
  skips = false;
  /** Events that were skipped, by the place of the reason in {@link SOURCE_ERROR_KINDS}. */
  readonly skipped = new Uint32Array(SOURCE_ERROR_KINDS.length);
  #events = new Int32Array(FIELDS * 16);

  clear(): void {
    this.time = Number.NaN;
    this.rank = undefined;
    this.size = 0;
    this.blocks.truncate(0);
    if (this.skips) this.skipped.fill(0);
    this.skips = false;
  }

  /** Closes an event over the blocks added since the last one. */
  add(kind: EventKind, tier: TierIndex, destination: TierIndex, group: number, placeholder: boolean): void {
    const at = this.size * FIELDS;
    if (at === this.#events.length) this.#events = grown(this.#events, at * 2);
    const events = this.#events;
    events[at] = kind;
    events[at + 1] = tier;
    events[at + 2] = destination;
    events[at + 3] = group;
    events[at + 4] = placeholder ? 1 : 0;
    events[at + BLOCKS_END] = this.blocks.length;
    this.size++;
  }

  skip(reason: SourceErrorKind): void {
    this.skips = true;
    const at = SOURCE_ERROR_KINDS.indexOf(reason);
    this.skipped[at] = (this.skipped[at] as number) + 1;
  }

  // One event's facts, by its place. Asked one by one: an object for each of a million events a second is not free.

  kindOf(event: number): EventKind {
    return this.#events[event * FIELDS] as EventKind;
  }

  tierOf(event: number): TierIndex {
    return this.#events[event * FIELDS + 1] as number;
  }

  /** Of a move only. */
  destinationOf(event: number): TierIndex {
    return this.#events[event * FIELDS + 2] as number;
  }

  /** The KV cache group; 0 where the model has one only. */
  groupOf(event: number): number {
    return this.#events[event * FIELDS + 3] as number;
  }

  /** Whether it is a store that says nothing but "is now also here": no tokens, no salt. */
  isPlaceholder(event: number): boolean {
    return this.#events[event * FIELDS + 4] === 1;
  }

  /**
   * The first event behind this one that differs in more than its blocks: what is done with those between can be done at
   * once. A clear stands alone.
   */
  endOfAlike(event: number): number {
    const events = this.#events;
    const at = event * FIELDS;
    let next = event + 1;
    if (events[at] === CLEARED) return next;
    for (; next < this.size; next++) {
      const other = next * FIELDS;
      for (let i = 0; i < BLOCKS_END; i++) if (events[other + i] !== events[at + i]) return next;
    }
    return next;
  }

  /** Its blocks are those from here up to {@link endOf} in the batch's list. */
  startOf(event: number): number {
    return event === 0 ? 0 : (this.#events[event * FIELDS - 1] as number);
  }

  endOf(event: number): number {
    return this.#events[event * FIELDS + BLOCKS_END] as number;
  }
}
