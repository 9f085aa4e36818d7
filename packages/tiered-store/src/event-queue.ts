import type { Bus, Channel, EventMap, EventName, Source } from '@kvscope/core';

/** Events that wait at most. */
const MAX_WAITING = 2048;
/** How long one waits at most. */
const MAX_WAIT_MS = 250;

/** What waits at a place: an event, or the numbers that one will be made of. */
const EVENT = 0;
const READ = 1;
const WRITE = 2;
const WAITED = 3;
/** Numbers to a place at most. */
const NUMBERS = 6;

/**
 * Events on their way to the bus, in the order in which they happened. Between the steps of a task lie copies of whole blocks
 * and calls of the system, which leave nothing of the subscribers in the processor's caches: the first event of its type
 * after them costs 5 to 40 us, the next ones a fraction of one. So they wait until 2,048 are there or the oldest is 250 ms
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

  /** A write to L2 that succeeded. */
  addWrite(submittedTime: number, startTime: number, time: number, bytes: number): void {
    this.#setIo(submittedTime, startTime, time, bytes);
    this.#added(WRITE);
  }

  /** A read of L2 that succeeded, and `shards` of a load that waited for it since `waitedFrom`. */
  addRead(
    submittedTime: number,
    startTime: number,
    time: number,
    bytes: number,
    shards: number,
    waitedFrom: number,
  ): void {
    const at = this.#setIo(submittedTime, startTime, time, bytes);
    this.#numbers[at + 4] = shards;
    this.#numbers[at + 5] = waitedFrom;
    this.#added(READ);
  }

  /** `shards` of a load that waited side by side. */
  addWaited(shards: number, startTime: number, time: number): void {
    const numbers = this.#numbers;
    const at = NUMBERS * this.#length;
    numbers[at + 2] = time;
    numbers[at + 4] = shards;
    numbers[at + 5] = startTime;
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

  /** @returns where the numbers begin */
  #setIo(submittedTime: number, startTime: number, time: number, bytes: number): number {
    const numbers = this.#numbers;
    const at = NUMBERS * this.#length;
    numbers[at] = submittedTime;
    numbers[at + 1] = startTime;
    numbers[at + 2] = time;
    numbers[at + 3] = bytes;
    return at;
  }

  #publish(place: number): void {
    const kind = this.#kinds[place];
    if (kind === EVENT) {
      const event = this.#events[place];
      this.#events[place] = undefined;
      (this.#channels[place] as Channel<never>).publish(event as never);
      return;
    }
    const at = NUMBERS * place;
    const time = this.#at(at + 2);
    if (kind !== WAITED) {
      this.#io.publish({
        time,
        source: this.#source,
        tier: 'l2',
        direction: kind === READ ? 'read' : 'write',
        submittedTime: this.#at(at),
        startTime: this.#at(at + 1),
        bytes: this.#at(at + 3),
      });
    }
    if (kind !== WRITE) this.#publishWaited(this.#at(at + 4), this.#at(at + 5), time);
  }

  #publishWaited(shards: number, startTime: number, time: number): void {
    if (!this.#waited.wanted) return;
    const event = { time, source: this.#source, startTime };
    for (let left = shards; left > 0; left--) this.#waited.publish(event);
  }

  #at(place: number): number {
    return this.#numbers[place] as number;
  }
}
