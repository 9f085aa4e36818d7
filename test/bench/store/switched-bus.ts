import type { Bus, Channel, EventMap, EventName } from '@kvscope/core';

/** A bus that can be made to look as if nobody listened. */
export interface SwitchedBus extends Bus {
  on: boolean;
  /** How long publishing took that fell into times when it was off: events of the time before, which had waited. {ms} */
  lateMs: number;
  /** Whether it is publishing such events. */
  late: boolean;
}

/** Its producers ask whether anyone listens before each event, and find out at once. */
export function switchedBus(bus: Bus): SwitchedBus {
  const channels = new Map<EventName, SwitchedChannel<never>>();
  const switched: SwitchedBus = {
    ...bus,
    on: true,
    lateMs: 0,
    late: false,
    channel: <T extends EventName>(type: T) => {
      const channel = channels.get(type) ?? new SwitchedChannel(switched, bus.channel(type));
      channels.set(type, channel as SwitchedChannel<never>);
      return channel as unknown as SwitchedChannel<T>;
    },
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
    if (!this.#bus.on) this.#late();
    this.#channel.publish(event);
  }

  /** What waits is published by a timer, all at once: it is over when the next thing may run. */
  #late(): void {
    if (this.#bus.late) return;
    const start = performance.now();
    this.#bus.late = true;
    process.nextTick(() => {
      this.#bus.lateMs += performance.now() - start;
      this.#bus.late = false;
    });
  }
}
