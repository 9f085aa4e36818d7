import type {
  Accessor,
  BlockKey,
  Bus,
  Clock,
  ErrorType,
  EventMap,
  EventName,
  EvictionReason,
  IoDirection,
  Source,
  StoreCause,
  Tier,
} from '@kvscope/core';
import { Moments } from './moments.js';

export interface IoReport {
  readonly direction: IoDirection;
  readonly submittedTime: number;
  readonly startTime: number;
  readonly bytes: number;
  readonly errorType: ErrorType | undefined;
}

/** Publishes what the store does. Builds no event that nobody wants, and none about no block. */
export class Reports {
  readonly moments: Moments;
  readonly #bus: Bus;
  readonly #source: Source;
  readonly #stored;
  readonly #accessed;
  readonly #released;
  readonly #evicted;
  readonly #shardWaited;
  readonly #io;

  constructor(bus: Bus, source: Source, clock: Clock) {
    this.moments = new Moments(clock);
    this.#bus = bus;
    this.#source = source;
    this.#stored = bus.channel('block.stored');
    this.#accessed = bus.channel('block.accessed');
    this.#released = bus.channel('block.released');
    this.#evicted = bus.channel('block.evicted');
    this.#shardWaited = bus.channel('shard.waited');
    this.#io = bus.channel('io.finished');
  }

  stored(tier: Tier, keys: readonly BlockKey[], cause: StoreCause): void {
    if (keys.length === 0 || !this.#stored.wanted) return;
    this.#stored.publish({ time: this.moments.now(), source: this.#source, tier, keys, cause });
  }

  accessed(tier: Tier, keys: readonly BlockKey[], by: Accessor): void {
    if (keys.length === 0 || !this.#accessed.wanted) return;
    this.#accessed.publish({ time: this.moments.now(), source: this.#source, tier, keys, by });
  }

  released(tier: Tier, keys: readonly BlockKey[]): void {
    if (keys.length === 0 || !this.#released.wanted) return;
    this.#released.publish({ time: this.moments.now(), source: this.#source, tier, keys });
  }

  evicted(tier: Tier, keys: readonly BlockKey[], reason: EvictionReason): void {
    if (keys.length === 0 || !this.#evicted.wanted) return;
    this.#evicted.publish({ time: this.moments.now(), source: this.#source, tier, keys, reason });
  }

  /** `shards` of a load that waited side by side since `startTime`. */
  shardsWaited(shards: number, startTime: number): void {
    if (!this.#shardWaited.wanted) return;
    const event = { time: this.moments.after(startTime), source: this.#source, startTime };
    for (let i = 0; i < shards; i++) this.#shardWaited.publish(event);
  }

  io({ direction, submittedTime, startTime, bytes, errorType }: IoReport): void {
    if (!this.#io.wanted) return;
    const [time, source, tier] = [this.moments.after(startTime), this.#source, 'l2'] as const;
    // Two literals: an object that is spread into is one that is slow to make and to read.
    if (errorType === undefined)
      this.#io.publish({ time, source, tier, direction, submittedTime, startTime, bytes });
    else this.#io.publish({ time, source, tier, direction, submittedTime, startTime, bytes, errorType });
  }

  /** Any other event; `build` is called only when somebody listens. */
  publish<T extends EventName>(type: T, build: (source: Source) => EventMap[T]): void {
    if (this.#bus.wants(type)) this.#bus.publish(type, build(this.#source));
  }
}
