import type { MemoryTier } from './memory-tier.js';
import { StoreError } from './store-error.js';

interface Waiter {
  readonly need: () => number;
  readonly grant: () => void;
}

/**
 * Waits for slots of a tier, in order. A task is given all the slots of its step at once or none: two tasks that
 * each held half of what they need would wait for each other for ever.
 */
export class RoomQueue {
  readonly #tier: MemoryTier;
  readonly #timeoutMs: number;
  #waiting: Waiter[] = [];
  #scheduled = false;

  constructor(tier: MemoryTier, timeoutMs: number) {
    this.#tier = tier;
    this.#timeoutMs = timeoutMs;
    tier.onRoom = () => this.#schedule();
  }

  /**
   * Calls `take` as soon as there is room for what is needed by then.
   * @throws StoreError `no_space` when the tier could never hold as much, `timeout` when it took too long
   */
  async take<T>(need: () => number, take: () => T): Promise<T> {
    const { tier, capacity } = this.#tier;
    const needed = need();
    if (needed > capacity) {
      throw new StoreError('no_space', `${needed} blocks needed in ${tier} at once, which holds ${capacity}`);
    }
    // Who holds its slots already does not queue: those who wait may be waiting for them.
    if (needed === 0 || (this.#waiting.length === 0 && needed <= this.#tier.room)) return take();
    return new Promise<T>((resolve, reject) => {
      const waiter = {
        need,
        grant: () => {
          clearTimeout(timer);
          try {
            resolve(take());
          } catch (error) {
            reject(error);
          }
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new StoreError('timeout', `no room in ${tier} for ${need()} blocks in ${this.#timeoutMs} ms`));
        this.#schedule();
      }, this.#timeoutMs);
      this.#waiting.push(waiter);
    });
  }

  /** Later in the same turn: whoever makes room is in the middle of a step of its own. */
  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        if (first.need() > this.#tier.room) return;
        this.#waiting.shift();
        first.grant();
      }
    });
  }
}
