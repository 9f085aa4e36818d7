import type { Bus, Source } from '@kvscope/core';
import type { Random } from './random.js';

const BATCH = 4;
/** Batches that are resident at a time, and that left lately. */
const RESIDENT_BATCHES = 8192;
const GONE_BATCHES = 4096;

/** Blocks that come and go for ever under new keys; some evictions get lost, some blocks come back. */
export class BlockChurn {
  /** Keys published as stored, none of which was resident at that time. */
  stored = 0;
  readonly #bus: Bus;
  readonly #source: Source;
  readonly #random: Random;
  readonly #resident: number[][] = Array.from({ length: RESIDENT_BATCHES }, () => []);
  readonly #gone: number[][] = Array.from({ length: GONE_BATCHES }, () => []);
  #nextKey = 0;
  #at = 0;

  constructor(bus: Bus, source: Source, random: Random) {
    this.#bus = bus;
    this.#source = source;
    this.#random = random;
  }

  publish(time: number): void {
    const act = this.#random.below(100);
    if (act < 60) this.#replace(time);
    else if (act < 70) this.#bringBack(time);
    else this.#use(time, act < 90);
  }

  /** The batch that was stored longest ago makes room for new blocks. */
  #replace(time: number): void {
    this.#at = (this.#at + 1) % RESIDENT_BATCHES;
    const keys = this.#resident[this.#at] as number[];
    // One in 50 evictions gets lost: nobody will ever say that these blocks left.
    if (keys.length > 0 && !this.#random.chance(2)) {
      const about = { source: this.#source, time, tier: 'l1', keys } as const;
      this.#bus.publish('block.evicted', { ...about, reason: 'capacity' });
      this.#gone[this.#random.below(GONE_BATCHES)] = keys;
    }
    this.#store(
      time,
      Array.from({ length: BATCH }, () => this.#nextKey++),
    );
  }

  #bringBack(time: number): void {
    const at = this.#random.below(GONE_BATCHES);
    const keys = this.#gone[at] as number[];
    this.#gone[at] = [];
    this.#at = (this.#at + 1) % RESIDENT_BATCHES;
    if (keys.length > 0) this.#store(time, keys);
  }

  #store(time: number, keys: number[]): void {
    this.#resident[this.#at] = keys;
    this.stored += keys.length;
    this.#bus.publish('block.stored', { source: this.#source, time, tier: 'l1', keys, cause: 'computed' });
  }

  #use(time: number, access: boolean): void {
    const keys = this.#resident[this.#random.below(RESIDENT_BATCHES)] as number[];
    const about = { source: this.#source, time, tier: 'l1', keys } as const;
    if (access) this.#bus.publish('block.accessed', { ...about, by: 'request' });
    else this.#bus.publish('block.released', about);
  }
}
