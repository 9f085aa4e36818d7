import type { BlockKey, Bus, EventMap, TaskFinished, Tier } from '@kvscope/core';

/** What each tier holds according to block events alone; every event is checked against it as it is published. */
export class Ledger {
  readonly tiers: Record<Tier, Set<BlockKey>> = { l0: new Set(), l1: new Set(), l2: new Set() };
  readonly broken: string[] = [];
  events = 0;
  tasks = 0;
  failedTasks = 0;
  ioErrors = 0;
  readonly transferred = { blocks: 0, bytes: 0 };
  readonly moved = { blocks: 0, bytes: 0 };

  constructor(bus: Bus) {
    const on = <T extends Parameters<Bus['subscribe']>[0]>(
      type: T,
      check: (event: EventMap[T]) => void,
    ): void =>
      void bus.subscribe(type, 'ledger', (event) => {
        this.events++;
        check(event);
      });
    on('block.stored', ({ tier, keys }) => {
      for (const key of keys) {
        this.#require(!this.tiers[tier].has(key), `${key} stored twice in ${tier}`);
        this.tiers[tier].add(key);
      }
    });
    on('block.evicted', ({ tier, keys }) => {
      for (const key of keys) {
        this.#require(this.tiers[tier].delete(key), `${key} evicted from ${tier}, where it was not`);
      }
    });
    on('block.accessed', ({ tier, keys }) => this.#requireResident(tier, keys, 'accessed'));
    on('block.released', ({ tier, keys }) => this.#requireResident(tier, keys, 'released'));
    on('tier.cleared', ({ tier, blocks }) => {
      const held = this.tiers[tier as Tier];
      this.#require(held.size === blocks, `${tier} cleared of ${blocks} blocks, where ${held.size} were`);
      held.clear();
    });
    on('source.reset', ({ tier }) => this.tiers[tier as Tier].clear());
    on('task.finished', (task) => this.#checkTask(task));
    on('transfer.finished', ({ blocks, bytes }) => {
      this.transferred.blocks += blocks;
      this.transferred.bytes += bytes;
    });
    on('io.finished', ({ errorType, startTime, submittedTime, time }) => {
      if (errorType !== undefined) this.ioErrors++;
      this.#require((submittedTime as number) < startTime && startTime < time, 'times of an io');
    });
    this.#checkLookups(bus);
  }

  #checkTask(task: TaskFinished): void {
    this.tasks++;
    this.moved.blocks += task.blocks;
    this.moved.bytes += task.bytes;
    if (task.errorType !== undefined) this.failedTasks++;
    const marks = [task.submittedTime];
    const optional = [
      task.pickedUpTime,
      task.dispatchedTime,
      task.readyTime,
      task.copiedTime,
      task.handedOffTime,
    ];
    for (const mark of optional) if (mark !== undefined) marks.push(mark);
    this.#require(
      marks.every((mark, i) => i === 0 || mark > (marks[i - 1] as number)),
      `marks out of order: ${marks}`,
    );
    const last = marks.at(-1) as number;
    this.#require(task.errorType === undefined ? task.time === last : task.time > last, 'the time of a task');
    this.#require(task.errorType !== undefined || marks.length === 5, 'a task without all its marks');
    const { cache, backend, shared, skipped } = task.shards;
    this.#require(Math.min(cache, backend, shared, skipped) >= 0, 'a negative number of shards');
    this.#require((cache + backend + shared + skipped) % 2 === 0, 'shards that make no layers');
    this.#require(task.bytes <= (cache + backend + shared) * 100, 'more bytes than shards to move');
  }

  /** Tiers of one lookup follow each other at once: what one misses is what the next is asked. */
  #checkLookups(bus: Bus): void {
    let left: number | undefined;
    bus.subscribe('lookup.finished', 'ledger', ({ tier, blocks, hits }) => {
      this.#require(
        tier === 'l0' || blocks === left,
        `${tier} was asked for ${blocks} of ${left} missed blocks`,
      );
      this.#require(hits >= 0 && hits <= blocks, `${hits} hits of ${blocks}`);
      left = blocks - hits;
    });
  }

  #requireResident(tier: Tier, keys: readonly BlockKey[], what: string): void {
    for (const key of keys)
      this.#require(this.tiers[tier].has(key), `${key} ${what} in ${tier}, where it is not`);
  }

  #require(holds: boolean, message: string): void {
    if (!holds) this.broken.push(message);
  }
}
