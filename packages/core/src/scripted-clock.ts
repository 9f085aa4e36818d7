import type { Clock } from './clock.js';
import { requireThat } from './validation.js';

interface Timer {
  readonly intervalMs: number;
  readonly task: () => void;
  due: number;
}

/** A clock that stands still until a test moves it; its timers run in the order of their due times. */
export class ScriptedClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  every(intervalMs: number, task: () => void): () => void {
    // A timer that is always due would keep `moveTo` from ever returning.
    requireThat(
      Number.isFinite(intervalMs) && intervalMs > 0,
      'intervalMs',
      intervalMs,
      'a finite number above 0',
    );
    const timer = { intervalMs, task, due: this.#now + intervalMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves to `timeMs`, running on the way what falls due. Going back runs nothing. */
  moveTo(timeMs: number): void {
    for (let next = this.#next(timeMs); next !== undefined; next = this.#next(timeMs)) {
      this.#now = Math.max(this.#now, next.due);
      next.due += next.intervalMs;
      next.task();
    }
    this.#now = timeMs;
  }

  advance(ms: number): void {
    this.moveTo(this.#now + ms);
  }

  #next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= untilMs && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  }
}
