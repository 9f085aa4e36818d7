import { EVENT_NAMES, type EventMap, type EventName } from './events.js';
import { FailureLog } from './failure-log.js';
import { createEmitter } from './mitt.js';
import type { Source } from './source.js';
import { Subscription } from './subscription.js';
import { requireThat } from './validation.js';

export type Handler<E> = (event: E) => void;

/** One event type of a bus. A hot producer keeps the channel and tests `wanted` before building an event. */
export interface Channel<E> {
  /** Whether anyone listens. */
  readonly wanted: boolean;
  /** Events published while somebody listened. */
  readonly delivered: number;
  /** Delivers synchronously to all. Never throws, whatever a subscriber does. */
  publish(event: E): void;
}

/**
 * Carries events from producers to subscribers, synchronously and within one thread. A handler that throws, or
 * returns a promise that rejects, is counted under its subscriber's name and reported once through OTel `diag`;
 * the publisher and the other handlers do not notice.
 */
export interface Bus {
  channel<T extends EventName>(type: T): Channel<EventMap[T]>;
  publish<T extends EventName>(type: T, event: EventMap[T]): void;
  /** Whether anyone listens: the guard for an event that is costly to build. */
  wants(type: EventName): boolean;
  /**
   * Calls `handler` for each event of `type` until the returned function is called. A handler that is added
   * during a delivery sees the next event; one that is removed is not called again.
   * @param subscriber the name that failures are counted under
   */
  subscribe<T extends EventName>(type: T, subscriber: string, handler: Handler<EventMap[T]>): () => void;
  /** Counts a failure outside a handler (a timer, a callback) under the subscriber's name. */
  fail(subscriber: string, error: unknown): void;
  /** Failures so far by subscriber name. At most 256 names, the rest under `_OTHER`. */
  readonly failures: ReadonlyMap<string, number>;
  /** Sources that answer occupancy: at most {@link MAX_SOURCES}, more are refused and counted as a failure. */
  readonly sources: ReadonlySet<Source>;
  addSource(source: Source): void;
  removeSource(source: Source): void;
}

export const MAX_SOURCES = 1024;
/** Event types that this version does not know and that get a channel nevertheless. */
const MAX_UNKNOWN_TYPES = 256;

/** Makes a bus of one's own, for tests; an application uses {@link getBus}. */
export function createBus(): Bus {
  const emitter = createEmitter();
  const failures = new FailureLog();
  const sources = new Set<Source>();
  const channels = new Map<string, Delivery>(EVENT_NAMES.map((name) => [name, new Delivery()]));
  const nowhere = new Delivery();

  /**
   * A type that is not known is told and counted, never thrown: the publisher may be a newer copy of this package
   * than the one that made the bus, and its events still reach those who know them.
   */
  function delivery(type: string): Delivery {
    const known = channels.get(type);
    if (known !== undefined) return known;
    failures.add(
      'bus',
      new RangeError(`event type is '${type}'; this version knows: ${EVENT_NAMES.join(', ')}`),
    );
    if (channels.size >= EVENT_NAMES.length + MAX_UNKNOWN_TYPES) return nowhere;
    const made = new Delivery();
    channels.set(type, made);
    return made;
  }

  return {
    channel: (type) => delivery(type),
    publish: (type, event) => delivery(type).publish(event),
    wants: (type) => delivery(type).wanted,
    subscribe(type, subscriber, handler) {
      const channel = delivery(type);
      requireThat(typeof handler === 'function', 'handler', handler, 'a function');
      const subscription = new Subscription(handler, (error) => failures.add(subscriber, error));
      if (channel === nowhere) return () => undefined;
      emitter.on(type, subscription);
      channel.deliverTo(emitter.all.get(type));
      return () => {
        subscription.end();
        emitter.off(type, subscription);
        channel.deliverTo(emitter.all.get(type));
      };
    },
    fail: (subscriber, error) => failures.add(subscriber, error),
    failures: failures.counts,
    sources,
    addSource(source) {
      if (sources.size < MAX_SOURCES) sources.add(source);
      else failures.add('sources', new RangeError(`more than ${MAX_SOURCES} sources answer occupancy`));
    },
    removeSource: (source) => void sources.delete(source),
  };
}

/** Walks a copy of mitt's list that is made when the list changes, not for each event as mitt does. */
class Delivery implements Channel<never> {
  wanted = false;
  delivered = 0;
  #subscriptions: readonly Subscription[] = [];

  publish(event: unknown): void {
    // Told apart from false alone: `!` looks at all that may count as true, for each event.
    if (this.wanted === false) return;
    this.delivered++;
    const subscriptions = this.#subscriptions;
    for (let i = 0; i < subscriptions.length; i++) (subscriptions[i] as Subscription).take(event);
  }

  deliverTo(subscriptions: readonly Subscription[] = []): void {
    this.#subscriptions = subscriptions.slice();
    this.wanted = subscriptions.length > 0;
  }
}
