import type { BlockKey } from '@kvscope/core';
import type { Reports } from './reports.js';

/** Blocks in one event at most, and so how many writes an event can be late by. */
const MAX_KEYS = 64;

/**
 * Tells of the blocks that writes put into L2 and that had to leave for them, several in one event: files come and
 * go one at a time, but what an event costs is paid per event. Told before anything else is told of them, when a
 * hand-off has been written, and when somebody asks for the occupancy.
 */
export class WrittenBlocks {
  readonly #reports: Reports;
  #stored: BlockKey[] = [];
  #evicted: BlockKey[] = [];

  constructor(reports: Reports) {
    this.#reports = reports;
  }

  stored(key: BlockKey): void {
    if (this.#evicted.includes(key)) this.flush();
    if (this.#stored.push(key) >= MAX_KEYS) this.flush();
  }

  evicted(key: BlockKey): void {
    if (this.#stored.includes(key)) this.flush();
    if (this.#evicted.push(key) >= MAX_KEYS) this.flush();
  }

  /** No key is both in one list and the other, so their order says nothing; room comes first. */
  flush(): void {
    const [evicted, stored] = [this.#evicted, this.#stored];
    if (evicted.length + stored.length === 0) return;
    this.#evicted = [];
    this.#stored = [];
    this.#reports.evicted('l2', evicted, 'capacity');
    this.#reports.stored('l2', stored, 'offloaded');
  }
}
