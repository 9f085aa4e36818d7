import type { Bus, ErrorType, Source } from '@kvscope/core';
import type { Random } from './random.js';

/** Lookups, transfers, tasks and io: events that bring all they are about. */
export class MovementChurn {
  /** Blocks that lookups asked for. */
  asked = 0;
  /** Tasks published. */
  tasks = 0;
  readonly #bus: Bus;
  readonly #source: Source;
  readonly #random: Random;

  constructor(bus: Bus, source: Source, random: Random) {
    this.#bus = bus;
    this.#source = source;
    this.#random = random;
  }

  publish(time: number): void {
    const startTime = time - 1 - this.#random.below(20);
    const about = { source: this.#source, time, startTime };
    const failure: { errorType?: ErrorType } = this.#random.chance(5) ? { errorType: 'timeout' } : {};
    const bytes = 4096 * this.#random.below(1000);
    const act = this.#random.below(100);
    if (act < 20) this.#lookUp(about);
    else if (act < 40) {
      this.#bus.publish('transfer.finished', {
        ...about,
        from: 'l1',
        to: 'l0',
        blocks: 8,
        bytes,
        ...failure,
      });
    } else if (act < 70) this.#task(time, startTime, bytes, failure);
    else if (act < 80) this.#bus.publish('shard.waited', about);
    else if (act < 95) {
      const call = { ...about, tier: 'l2', direction: 'read', submittedTime: startTime - 1, bytes } as const;
      this.#bus.publish('io.finished', { ...call, ...failure });
    } else this.#bus.publish('io.task.finished', { ...about, tier: 'l2', direction: 'write', ...failure });
  }

  #lookUp(about: { source: Source; time: number; startTime: number }): void {
    const blocks = this.#random.below(32);
    const hits = this.#random.below(blocks + 1);
    this.asked += blocks;
    this.#bus.publish('lookup.finished', { ...about, tier: 'l1', blocks, hits });
  }

  #task(time: number, submittedTime: number, bytes: number, failure: { errorType?: ErrorType }): void {
    this.tasks++;
    const load = this.#random.chance(50);
    this.#bus.publish('task.finished', {
      source: this.#source,
      time,
      operation: load ? 'load' : 'dump',
      submittedTime,
      pickedUpTime: submittedTime,
      dispatchedTime: submittedTime,
      ...(load ? { readyTime: time, copiedTime: time } : { copiedTime: time, handedOffTime: time }),
      shards: { cache: 1, backend: 2, shared: 0, skipped: 1 },
      blocks: 4,
      bytes,
      ...failure,
    });
  }
}
