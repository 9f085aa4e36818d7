import type { Bus, Channel, EventMap, EventName } from '@kvscope/core';

/** A bus that can be made to look as if nobody listened. */
export interface SwitchedBus extends Bus {
  on: boolean;
}

/** Its producers ask whether anyone listens before each event, and find out at once. */
export function switchedBus(bus: Bus): SwitchedBus {
  const switched: SwitchedBus = {
    ...bus,
    on: true,
    channel: (type) => new SwitchedChannel(switched, bus.channel(type)),
    wants: (type: EventName) => switched.on && bus.wants(type),
  };
  return switched;
}

class SwitchedChannel<T extends EventName> implements Channel<EventMap[T]> {
  readonly #bus: SwitchedBus;
  readonly #channel: Channel<EventMap[T]>;

  constructor(bus: SwitchedBus, channel: Channel<EventMap[T]>) {
    this.#bus = bus;
    this.#channel = channel;
  }

  get wanted(): boolean {
    return this.#bus.on && this.#channel.wanted;
  }

  get delivered(): number {
    return this.#channel.delivered;
  }

  publish(event: EventMap[T]): void {
    this.#channel.publish(event);
  }
}
