import type { BlockKey, Bus, Channel, EventMap, Source } from '@kvscope/core';
import { L0, type TierIndex, tierAt } from '../decode/medium.js';

const STORES = 0;
const EVICTIONS = 1;
const READS = 2;
const RELEASES = 3;

/**
 * Joins consecutive blocks of one kind and tier into one event of the bus: engines send an event for each block,
 * and the bus costs by the event.
 */
export class BlockRun {
  readonly #stored: Channel<EventMap['block.stored']>;
  readonly #evicted: Channel<EventMap['block.evicted']>;
  readonly #accessed: Channel<EventMap['block.accessed']>;
  readonly #released: Channel<EventMap['block.released']>;
  readonly #source: Source;
  #kind = STORES;
  #tier: TierIndex = L0;
  #keys: BlockKey[] = [];
  /** The keys of a run of reads. */
  readonly #read = new Set<BlockKey>();
  #time = 0;

  constructor(bus: Bus, source: Source) {
    this.#stored = bus.channel('block.stored');
    this.#evicted = bus.channel('block.evicted');
    this.#accessed = bus.channel('block.accessed');
    this.#released = bus.channel('block.released');
    this.#source = source;
  }

  /** Begins a batch. @param time epoch ms */
  begin(time: number): void {
    if (time === this.#time) return;
    this.flush();
    this.#time = time;
  }

  // Keys of a run of stores or evictions are distinct: a block must leave before it can come again.

  /** Where keys of stores in a tier are added, until something else is asked for. */
  storesIn(tier: TierIndex): BlockKey[] {
    return this.#join(STORES, tier);
  }

  /** As {@link storesIn}, for evictions. */
  evictionsFrom(tier: TierIndex): BlockKey[] {
    return this.#join(EVICTIONS, tier);
  }

  stored(tier: TierIndex, key: BlockKey): void {
    this.#join(STORES, tier).push(key);
  }

  evicted(tier: TierIndex, key: BlockKey): void {
    this.#join(EVICTIONS, tier).push(key);
  }

  accessed(tier: TierIndex, key: BlockKey): void {
    // Two requests may read one block within a report.
    if (this.#read.has(key)) this.flush();
    this.#join(READS, tier).push(key);
    this.#read.add(key);
  }

  released(tier: TierIndex, key: BlockKey): void {
    this.#join(RELEASES, tier).push(key);
  }

  /** Publishes what is joined so far. */
  flush(): void {
    const keys = this.#keys;
    if (keys.length === 0) return;
    this.#keys = [];
    if (this.#kind === READS) this.#read.clear();
    const source = this.#source;
    const time = this.#time;
    const tier = tierAt(this.#tier);
    if (this.#kind === EVICTIONS) this.#evicted.publish({ time, source, tier, keys, reason: 'capacity' });
    else if (this.#kind === READS) this.#accessed.publish({ time, source, tier, keys, by: 'request' });
    else if (this.#kind === RELEASES) this.#released.publish({ time, source, tier, keys });
    else {
      // A store in device memory may have been computed or brought back: the engines do not say.
      this.#stored.publish({ time, source, tier, keys, cause: this.#tier === L0 ? 'unknown' : 'offloaded' });
    }
  }

  #join(kind: number, tier: TierIndex): BlockKey[] {
    if (kind !== this.#kind || tier !== this.#tier) {
      this.flush();
      this.#kind = kind;
      this.#tier = tier;
    }
    return this.#keys;
  }
}
