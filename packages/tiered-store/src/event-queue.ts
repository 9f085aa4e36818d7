import type { Bus, Channel, EventMap, EventName, IoDirection, Source } from '@kvscope/core';

/** Events that wait at most. */
const MAX_WAITING = 2048;
/** How long one waits at most. */
const MAX_WAIT_MS = 100;

/** What waits at a place: an event, or the numbers that one will be made of. */
const EVENT = 0;
const READ = 1;
const WRITE = 2;
const WAITED = 3;
/** Numbers to a place at most. */
const NUMBERS = 4;

/**
 * Events on their way to the bus, in the order in which they happened. Between the steps of a task lie copies of whole blocks
 * and calls of the system, which leave nothing of the subscribers in the processor's caches: the first event of its type
 * after them costs 5 to 40 us, the next ones a fraction of one. So they wait until 2,048 are there or the oldest is 100 ms
 * old. Those of which there are many wait as numbers side by side, since by then their objects would be far away as well.
 */
export class EventQueue {
  readonly #source: Source;
  readonly #io: Channel<EventMap['io.finished']>;
  readonly #waited: Channel<EventMap['shard.waited']>;
  readonly #kinds: number[] = [];
  /** Made of fractions from the start: V8 then keeps the numbers themselves and no objects. */
  readonly #numbers: number[] = new Array(NUMBERS * MAX_WAITING).fill(0.5);
  readonly #channels: Channel<never>[] = [];
  readonly #events: (EventMap[EventName] | undefined)[] = [];
  #length = 0;
  #flushing = false;
  readonly #timer: NodeJS.Timeout;
  #timerRuns = true;

  constructor(bus: Bus, source: Source) {
    this.#source = source;
    this.#io = bus.channel('io.finished');
    this.#waited = bus.channel('shard.waited');
    this.#timer = setTimeout(() => {
      this.#timerRuns = false;
      this.flush();
    }, MAX_WAIT_MS).unref();
  }

  add<E extends EventMap[EventName]>(channel: Channel<E>, event: E): void {
    const place = this.#length;
    this.#channels[place] = channel;
    this.#events[place] = event;
    this.#added(EVENT);
  }

  /** An io call of L2 that succeeded. */
  addIo(direction: IoDirection, submittedTime: number, startTime: number, time: number, bytes: number): void {
    const numbers = this.#numbers;
    const at = NUMBERS * this.#length;
    numbers[at] = submittedTime;
    numbers[at + 1] = startTime;
    numbers[at + 2] = time;
    numbers[at + 3] = bytes;
    this.#added(direction === 'read' ? READ : WRITE);
  }

  /** `shards` of a load that waited side by side. */
  addWaited(shards: number, startTime: number, time: number): void {
    const numbers = this.#numbers;
    const at = NUMBERS * this.#length;
    numbers[at] = startTime;
    numbers[at + 1] = time;
    numbers[at + 2] = shards;
    this.#added(WAITED);
  }

  /** Publishes what waits, also what a handler makes the store tell meanwhile. */
  flush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    for (let place = 0; place < this.#length; place++) this.#publish(place);
    this.#length = 0;
    this.#flushing = false;
  }

  #added(kind: number): void {
    this.#kinds[this.#length++] = kind;
    if (this.#length >= MAX_WAITING) this.flush();
    else if (!this.#timerRuns) {
      this.#timerRuns = true;
      this.#timer.refresh();
    }
  }

  #publish(place: number): void {
    const kind = this.#kinds[place];
    if (kind === EVENT) {
      const event = this.#events[place];
      this.#events[place] = undefined;
      (this.#channels[place] as Channel<never>).publish(event as never);
      return;
    }
    const numbers = this.#numbers;
    const at = NUMBERS * place;
    const [first, second, third] = [numbers[at], numbers[at + 1], numbers[at + 2]] as [
      number,
      number,
      number,
    ];
    const source = this.#source;
    if (kind === WAITED) {
      const event = { time: second, source, startTime: first };
      for (let left = third; left > 0; left--) this.#waited.publish(event);
      return;
    }
    this.#io.publish({
      time: third,
      source,
      tier: 'l2',
      direction: kind === READ ? 'read' : 'write',
      submittedTime: first,
      startTime: second,
      bytes: numbers[at + 3] as number,
    });
  }
}
