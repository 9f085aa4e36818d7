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
import { EventQueue } from './event-queue.js';
import { Moments } from './moments.js';

export interface IoReport {
  readonly direction: IoDirection;
  readonly submittedTime: number;
  readonly startTime: number;
  readonly bytes: number;
  readonly errorType: ErrorType | undefined;
}

/** Since when the shards of a load's step wait: once it is known, before the first of them arrives. */
export interface ShardWait {
  startTime: number;
}

/**
 * Tells what the store does. Builds no event that nobody wants, and none about no block. They come a little later, see
 * {@link EventQueue}.
 */
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
  readonly #queue: EventQueue;

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
    this.#queue = new EventQueue(bus, source);
  }

  stored(tier: Tier, keys: readonly BlockKey[], cause: StoreCause): void {
    if (keys.length === 0 || !this.#stored.wanted) return;
    this.#queue.add(this.#stored, { time: this.moments.now(), source: this.#source, tier, keys, cause });
  }

  accessed(tier: Tier, keys: readonly BlockKey[], by: Accessor): void {
    if (keys.length === 0 || !this.#accessed.wanted) return;
    this.#queue.add(this.#accessed, { time: this.moments.now(), source: this.#source, tier, keys, by });
  }

  released(tier: Tier, keys: readonly BlockKey[]): void {
    if (keys.length === 0 || !this.#released.wanted) return;
    this.#queue.add(this.#released, { time: this.moments.now(), source: this.#source, tier, keys });
  }

  evicted(tier: Tier, keys: readonly BlockKey[], reason: EvictionReason): void {
    if (keys.length === 0 || !this.#evicted.wanted) return;
    this.#queue.add(this.#evicted, { time: this.moments.now(), source: this.#source, tier, keys, reason });
  }

  /**
   * `shards` of a load that waited side by side since `startTime`.
   * @param time until when, if it is known
   */
  shardsWaited(shards: number, startTime: number, time?: number): void {
    if (!this.#shardWaited.wanted) return;
    this.#queue.addWaited(shards, startTime, this.moments.after(startTime, time));
  }

  /** A write ended. @returns now; undefined when nobody wants to know */
  wrote(write: IoReport): number | undefined {
    if (!this.#io.wanted) return undefined;
    const { submittedTime, startTime, bytes, errorType } = write;
    const time = this.moments.after(startTime);
    if (errorType === undefined) this.#queue.addWrite(submittedTime, startTime, time, bytes);
    else this.#failed(write, time);
    return time;
  }

  /** A read ended, and `shards` had waited for it. @returns now; undefined when nobody wants to know */
  hasRead(read: IoReport, shards: number, wait: ShardWait): number | undefined {
    const { submittedTime, startTime, bytes, errorType } = read;
    if (!this.#io.wanted) {
      this.shardsWaited(shards, wait.startTime);
      return undefined;
    }
    const time = this.moments.after(Math.max(startTime, wait.startTime));
    if (errorType === undefined) {
      this.#queue.addRead(submittedTime, startTime, time, bytes, shards, wait.startTime);
    } else {
      this.#failed(read, time);
      this.shardsWaited(shards, wait.startTime, time);
    }
    return time;
  }

  /** Any other event; `build` is called only when somebody listens. */
  publish<T extends EventName>(type: T, build: (source: Source) => EventMap[T]): void {
    const channel = this.#bus.channel(type);
    if (channel.wanted) this.#queue.add(channel, build(this.#source));
  }

  #failed({ direction, submittedTime, startTime, bytes, errorType }: IoReport, time: number): void {
    const source = this.#source;
    this.#queue.add(this.#io, {
      time,
      source,
      tier: 'l2',
      direction,
      submittedTime,
      startTime,
      bytes,
      ...(errorType && { errorType }),
    });
  }

  /** Publishes what has not been published yet. */
  flush(): void {
    this.#queue.flush();
  }
}
