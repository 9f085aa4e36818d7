import type { Bus, Source, Tier } from '@kvscope/core';
import { ABSENT } from './block-index.js';
import { RecencyList } from './recency-list.js';

/**
 * One tier that keeps the blocks touched last, and publishes what happens to them in batches: one batch for each
 * request, with at most one event of each kind.
 *
 * A batch is published as evicted, accessed, stored. A request may evict a block before its turn and then store it
 * again, so evicted comes first. Everything else that can happen twice to a block within a request is cut: where a
 * block was already touched in the batch and is touched or evicted once more, the batch is published before and a
 * new one begins. So each block's events are in the order in which they happened, whatever the capacity. Blocks of a
 * request are distinct by the format, and a request of at most `capacity` blocks evicts none of its own: then
 * nothing is cut, and there is one batch.
 */
export class LruTier {
  readonly tier: Tier;
  readonly capacity: number;
  readonly #blocks = new RecencyList();
  readonly #source: Source;
  readonly #channels;
  #evicted: number[] = [];
  #accessed: number[] = [];
  #stored: number[] = [];
  /** Names the batch on the blocks that it touched. */
  #batch = 0;

  /** @param capacity blocks that the tier holds, 1 or more */
  constructor(tier: Tier, capacity: number, source: Source, bus: Bus) {
    this.tier = tier;
    this.capacity = capacity;
    this.#source = source;
    this.#channels = {
      evicted: bus.channel('block.evicted'),
      accessed: bus.channel('block.accessed'),
      stored: bus.channel('block.stored'),
    };
  }

  /** Blocks that are held. {block} */
  get size(): number {
    return this.#blocks.size;
  }

  has(id: number): boolean {
    return this.#blocks.find(id) !== ABSENT;
  }

  /** Accesses a block that is held; stores one that is not, in place of the least recently touched if need be. */
  touch(id: number, time: number): void {
    const slot = this.#blocks.find(id);
    if (slot === ABSENT) {
      if (this.#blocks.size === this.capacity) this.#evictOldest(time);
      this.#blocks.add(id, this.#batch);
      if (this.#channels.stored.wanted) this.#stored.push(id);
      return;
    }
    this.#cutBefore(slot, time);
    this.#blocks.touch(slot, this.#batch);
    if (this.#channels.accessed.wanted) this.#accessed.push(id);
  }

  /** Publishes the batch and begins the next. */
  publish(time: number): void {
    const { evicted, accessed, stored } = this.#channels;
    const { tier } = this;
    const source = this.#source;
    // Written out: spreading what the three have in common made the replay of a trace take three times as long.
    if (this.#evicted.length > 0) {
      evicted.publish({ time, source, tier, keys: this.#evicted, reason: 'capacity' });
      this.#evicted = [];
    }
    if (this.#accessed.length > 0) {
      accessed.publish({ time, source, tier, keys: this.#accessed, by: 'request' });
      this.#accessed = [];
    }
    if (this.#stored.length > 0) {
      // A trace does not say whether a block was computed or came from below.
      stored.publish({ time, source, tier, keys: this.#stored, cause: 'unknown' });
      this.#stored = [];
    }
    this.#batch = (this.#batch + 1) >>> 0;
  }

  #evictOldest(time: number): void {
    const slot = this.#blocks.oldest;
    this.#cutBefore(slot, time);
    if (this.#channels.evicted.wanted) this.#evicted.push(this.#blocks.idAt(slot));
    this.#blocks.remove(slot);
  }

  #cutBefore(slot: number, time: number): void {
    if (this.#blocks.markAt(slot) === this.#batch) this.publish(time);
  }
}
