import type {
  Accessor,
  BlockKey,
  Bus,
  Channel,
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

/** Events that wait at most. */
const MAX_WAITING = 64;
/** How long one waits at most, should storage hang. */
const MAX_WAIT_MS = 50;

export interface IoReport {
  readonly direction: IoDirection;
  readonly submittedTime: number;
  readonly startTime: number;
  readonly bytes: number;
  readonly errorType: ErrorType | undefined;
}

/** An event that will be published, `times` times. */
interface Waiting {
  readonly channel: Channel<never>;
  readonly event: EventMap[EventName];
  readonly times: number;
}

/**
 * Publishes what the store does. Builds no event that nobody wants, and none about no block.
 *
 * Between the steps of a task lie copies of whole blocks, which leave nothing of the subscribers in the processor's caches:
 * told one at a time, an event costs four times what it costs in a row. Events about blocks and io calls therefore wait
 * until their task is told of, the call of the application that they belong to returns, 64 of them wait, or 50 ms are over.
 * They keep their order and have the times at which they happened.
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
  #waiting: Waiting[] = [];
  readonly #timer: NodeJS.Timeout;
  #timerRuns = true;

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
    this.#timer = setTimeout(() => {
      this.#timerRuns = false;
      this.flush();
    }, MAX_WAIT_MS).unref();
  }

  stored(tier: Tier, keys: readonly BlockKey[], cause: StoreCause): void {
    if (keys.length === 0 || !this.#stored.wanted) return;
    this.#wait(this.#stored, { time: this.moments.now(), source: this.#source, tier, keys, cause });
  }

  accessed(tier: Tier, keys: readonly BlockKey[], by: Accessor): void {
    if (keys.length === 0 || !this.#accessed.wanted) return;
    this.#wait(this.#accessed, { time: this.moments.now(), source: this.#source, tier, keys, by });
  }

  released(tier: Tier, keys: readonly BlockKey[]): void {
    if (keys.length === 0 || !this.#released.wanted) return;
    this.#wait(this.#released, { time: this.moments.now(), source: this.#source, tier, keys });
  }

  evicted(tier: Tier, keys: readonly BlockKey[], reason: EvictionReason): void {
    if (keys.length === 0 || !this.#evicted.wanted) return;
    this.#wait(this.#evicted, { time: this.moments.now(), source: this.#source, tier, keys, reason });
  }

  /** `shards` of a load that waited side by side since `startTime`. */
  shardsWaited(shards: number, startTime: number): void {
    if (!this.#shardWaited.wanted) return;
    const time = this.moments.after(startTime);
    this.#wait(this.#shardWaited, { time, source: this.#source, startTime }, shards);
  }

  io({ direction, submittedTime, startTime, bytes, errorType }: IoReport): void {
    if (!this.#io.wanted) return;
    const [time, source, tier] = [this.moments.after(startTime), this.#source, 'l2'] as const;
    // Two literals: an object that is spread into is one that is slow to make and to read.
    if (errorType === undefined)
      this.#wait(this.#io, { time, source, tier, direction, submittedTime, startTime, bytes });
    else this.#wait(this.#io, { time, source, tier, direction, submittedTime, startTime, bytes, errorType });
  }

  /** Publishes what waits. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    // A handler may call the store, which then tells of something else.
    this.#waiting = [];
    for (const { channel, event, times } of waiting) {
      for (let i = 0; i < times; i++) channel.publish(event as never);
    }
  }

  #wait<E extends EventMap[EventName]>(channel: Channel<E>, event: E, times = 1): void {
    if (this.#waiting.push({ channel, event, times }) >= MAX_WAITING) this.flush();
    else if (!this.#timerRuns) {
      this.#timerRuns = true;
      this.#timer.refresh();
    }
  }

  /** Any other event; `build` is called only when somebody listens. */
  publish<T extends EventName>(type: T, build: (source: Source) => EventMap[T]): void {
    this.flush();
    if (this.#bus.wants(type)) this.#bus.publish(type, build(this.#source));
  }
}
