import { type Bus, EVENT_NAMES, type EventMap, type EventName } from '@kvscope/core';

type Published = { [T in EventName]: { readonly type: T; readonly event: EventMap[T] } }[EventName];

/** Every event of a bus, in order. */
export class EventLog {
  readonly #bus: Bus;
  readonly #all: Published[] = [];

  constructor(bus: Bus) {
    this.#bus = bus;
    for (const type of EVENT_NAMES) {
      bus.subscribe(type, 'test', (event) => void this.#all.push({ type, event } as Published));
    }
  }

  /** Up to now: a store that is asked for its occupancy publishes what it has kept back. */
  get all(): readonly Published[] {
    for (const source of this.#bus.sources) source.occupancy?.();
    return this.#all;
  }

  of<T extends EventName>(type: T): EventMap[T][] {
    return this.all.filter((published) => published.type === type).map(({ event }) => event as EventMap[T]);
  }

  /** Block events as `type tier word: keys`, in order. */
  get blocks(): string[] {
    return this.all.flatMap(({ type, event }) => {
      if (!('keys' in event)) return [];
      const word =
        'cause' in event ? event.cause : 'reason' in event ? event.reason : 'by' in event ? event.by : '';
      return [`${type.slice('block.'.length)} ${event.tier} ${word}: ${event.keys.join(' ')}`];
    });
  }

  clear(): void {
    void this.all;
    this.#all.length = 0;
  }
}
