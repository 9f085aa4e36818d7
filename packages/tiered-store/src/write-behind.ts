import type { HeldBlock } from './held-block.js';
import { IoTask } from './io-task.js';
import type { MemoryTier } from './memory-tier.js';
import type { Reports } from './reports.js';
import { Slots } from './slots.js';
import type { StorageIo } from './storage-io.js';
import type { StorageTier } from './storage-tier.js';

/** Writes blocks of L1 to L2 after their dump has ended. At most so many wait or are being written. */
export class WriteBehind {
  readonly #l1: MemoryTier;
  readonly #io: StorageIo;
  readonly #storage: StorageTier;
  readonly #reports: Reports;
  readonly #places: Slots;

  /** @param capacity blocks waiting and being written; a dump waits in its hand-off while there are as many */
  constructor(l1: MemoryTier, io: StorageIo, storage: StorageTier, reports: Reports, capacity: number) {
    this.#l1 = l1;
    this.#io = io;
    this.#storage = storage;
    this.#reports = reports;
    this.#places = new Slots('write-behind queue', capacity);
  }

  /** Takes readable blocks of L1, marked as `writing`; resolves when each has its place in the queue. */
  async offer(blocks: readonly HeldBlock[]): Promise<void> {
    if (blocks.length === 0) return;
    const task = new IoTask(this.#reports, 'write', blocks.length);
    for (const block of blocks) this.#l1.pin(block);
    for (const block of blocks) {
      await this.#places.acquire();
      void this.#write(block, task);
    }
  }

  /** Resolves when nothing waits and nothing is being written. */
  async drain(): Promise<void> {
    await this.#places.empty();
  }

  async #write(block: HeldBlock, task: IoTask): Promise<void> {
    const errorType = await this.#io.write(block.key, this.#l1.bytes(block));
    block.writing = false;
    this.#l1.unpin(block);
    if (task.last) this.#storage.report();
    task.done(errorType);
    this.#places.release();
  }
}
