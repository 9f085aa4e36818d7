import { Chain, type Linked } from './chain.js';

/** Work that spans several events, such as the chunks of a request. */
export interface Work<W> extends Linked<W> {
  /** Local time of its first event; once it has ended, of the last that was heard of it. Epoch ms. */
  sinceTime: number;
  /**
   * Set once it has ended: an event of the same name that began before this event time is a straggler or a
   * duplicate of it, a later one begins new work. Infinite when it was given up: nothing can complete it any more.
   */
  endedTime: number | undefined;
}

export interface WorkLimits {
  /** Work open at a time; further work is refused. As much again that has ended is remembered. */
  readonly limit: number;
  /** Local time after which open work is given up and ended work forgotten. */
  readonly maxAgeMs: number;
}

export interface WorkEnds<W> {
  /** Work was refused, or given up for its age. Called once for each. */
  abandoned(work: W, reason: 'limit' | 'age'): void;
  /** Nothing is known of the work any more: its owner lets go of it too. */
  forgotten(work: W): void;
}

/**
 * Bounds the work that a subscriber keeps open by count and by age, and remembers for a while what ended: without
 * that, one late event would open the work again, to be counted as abandoned a minute later. Ages are local time,
 * since they bound memory: the times of a replay or of a clock that is off have no say in it.
 */
export class OpenWork<W extends Work<W>> {
  readonly #limits: WorkLimits;
  readonly #ends: WorkEnds<W>;
  readonly #open = new Chain<W>();
  readonly #ended = new Chain<W>();
  #openCount = 0;
  #endedCount = 0;

  constructor(limits: WorkLimits, ends: WorkEnds<W>) {
    this.#limits = limits;
    this.#ends = ends;
  }

  /** Work that is open now. */
  get size(): number {
    return this.#openCount;
  }

  /** Takes in new work. False when there is too much: it is abandoned, and ended for good. */
  add(work: W): boolean {
    // Only here: `end` may be called for several at once, and must not let go of one that is still to come.
    while (this.#endedCount >= this.#limits.limit) this.forget(this.#ended.oldest as W);
    if (this.#openCount >= this.#limits.limit) {
      this.#remember(work, work.sinceTime, Number.POSITIVE_INFINITY);
      this.#ends.abandoned(work, 'limit');
      return false;
    }
    this.#open.add(work);
    this.#openCount++;
    return true;
  }

  /**
   * The work is over, or its end became known only now.
   * @param time event time from which on its name is free for new work
   * @param now local time
   */
  end(work: W, time: number, now: number): void {
    this.#unlink(work);
    this.#remember(work, now, time);
  }

  /**
   * An event came late for work that has ended: it stays remembered, since more may come.
   * @param now local time
   */
  recall(work: W, now: number): void {
    if (work.endedTime !== undefined) this.end(work, work.endedTime, now);
  }

  /** Nothing more is to be known of the work. */
  forget(work: W): void {
    this.#unlink(work);
    this.#ends.forgotten(work);
  }

  /** Gives up and forgets what is too old. The cost is that of what is found. */
  sweep(now: number): void {
    const before = now - this.#limits.maxAgeMs;
    for (
      let work = this.#open.oldest;
      work !== undefined && work.sinceTime < before;
      work = this.#open.oldest
    ) {
      this.end(work, Number.POSITIVE_INFINITY, now);
      this.#ends.abandoned(work, 'age');
    }
    for (
      let work = this.#ended.oldest;
      work !== undefined && work.sinceTime < before;
      work = this.#ended.oldest
    ) {
      this.forget(work);
    }
  }

  #unlink(work: W): void {
    if (work.endedTime === undefined) {
      this.#open.remove(work);
      this.#openCount--;
    } else {
      this.#ended.remove(work);
      this.#endedCount--;
    }
  }

  #remember(work: W, now: number, time: number): void {
    work.sinceTime = now;
    work.endedTime = time;
    this.#ended.add(work);
    this.#endedCount++;
  }
}
