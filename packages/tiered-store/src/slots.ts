import { StoreError } from './store-error.js';

interface Waiter {
  readonly enter: (time: number | undefined) => void;
  readonly refuse: (error: StoreError) => void;
}

/** A number of places; who finds none waits in order, and at most `maxWaiting` wait. */
export class Slots {
  readonly #name: string;
  readonly #maxWaiting: number;
  #free: number;
  readonly #capacity: number;
  #waiting: Waiter[] = [];
  /** Waiters before this index have entered: shifting a long array for each of them would be quadratic. */
  #head = 0;
  #closed = 0;
  #whenEmpty: (() => void)[] = [];
  #lastExclusive: Promise<unknown> = Promise.resolve();

  constructor(name: string, capacity: number, maxWaiting = Number.POSITIVE_INFINITY) {
    this.#name = name;
    this.#capacity = capacity;
    this.#free = capacity;
    this.#maxWaiting = maxWaiting;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /**
   * @returns what {@link release} was told when it made the place free; undefined when one was free at once
   * @throws StoreError `queue_full` when too many wait already
   */
  async acquire(): Promise<number | undefined> {
    if (this.#free > 0 && this.#closed === 0 && this.waiting === 0) {
      this.#free--;
      return undefined;
    }
    if (this.waiting >= this.#maxWaiting) {
      throw new StoreError(
        'queue_full',
        `${this.#name}: ${this.waiting} are waiting already; allowed: at most ${this.#maxWaiting}. Submit less at once or raise the bound`,
      );
    }
    return new Promise((enter, refuse) => {
      this.#waiting.push({ enter, refuse });
    });
  }

  /** @param time when that is, if it is known */
  release(time?: number): void {
    this.#free++;
    this.#admit(time);
  }

  /** Runs `work` while nobody is inside; who comes meanwhile waits. One after the other when there are several. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#closed++;
    const before = this.#lastExclusive;
    const run = (async () => {
      await before;
      await this.empty();
      return work();
    })();
    this.#lastExclusive = run.catch(() => {});
    try {
      return await run;
    } finally {
      this.#closed--;
      this.#admit();
    }
  }

  /** Resolves as soon as nobody is inside. */
  async empty(): Promise<void> {
    if (this.#free === this.#capacity) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty.push(resolve);
    });
  }

  /** Everybody who waits is turned away. */
  refuseWaiting(error: StoreError): void {
    for (const waiter of this.#waiting.splice(this.#head)) waiter.refuse(error);
    this.#compact();
  }

  #admit(time?: number): void {
    while (this.#free > 0 && this.#closed === 0 && this.waiting > 0) {
      this.#free--;
      (this.#waiting[this.#head++] as Waiter).enter(time);
    }
    this.#compact();
    if (this.#free === this.#capacity) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #compact(): void {
    if (this.#head * 2 <= this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
