import { join } from 'node:path';
import type { BlockKey, EvictionReason, TierOccupancy } from '@kvscope/core';
import type { BlockFiles } from './block-files.js';
import { blockName } from './block-name.js';
import { Chain, type Link } from './chain.js';
import { BLOCK_SUFFIX } from './directory.js';
import type { Reports } from './reports.js';
import { errorTypeOf, StoreError } from './store-error.js';
import { WrittenBlocks } from './written-blocks.js';

/** A whole block in a file. */
export interface StoredBlock extends Link<StoredBlock> {
  readonly key: BlockKey;
  /** Reads and batches that need the file to stay. */
  pins: number;
  /** Its file is being removed, or was: no more to be found. */
  gone: boolean;
}

/** Which blocks L2 holds, and who may leave: the least recently used file that nothing reads. */
export class StorageTier {
  readonly capacity: number;
  readonly #directory: string;
  readonly #files: BlockFiles;
  readonly #reports: Reports;
  readonly #written: WrittenBlocks;
  readonly #blocks = new Map<BlockKey, StoredBlock>();
  readonly #idle = new Chain<StoredBlock>();
  /** Places taken by blocks that are being written. */
  #reserved = 0;
  /** Writers that wait until another write or removal has ended: fewer than io calls at once. */
  #waiting: (() => void)[] = [];
  /** Files on their way out, by key: a new file of the same name waits for it. Bounded by the writes under way. */
  readonly #leaving = new Map<BlockKey, Promise<void>>();

  constructor(directory: string, capacity: number, files: BlockFiles, reports: Reports) {
    this.#directory = directory;
    this.capacity = capacity;
    this.#files = files;
    this.#reports = reports;
    this.#written = new WrittenBlocks(reports);
  }

  path(key: BlockKey): string {
    return join(this.#directory, blockName(key) + BLOCK_SUFFIX);
  }

  holds(key: BlockKey): boolean {
    return this.#blocks.has(key);
  }

  /** The block, pinned; undefined when it is not here. */
  pin(key: BlockKey): StoredBlock | undefined {
    const block = this.#blocks.get(key);
    if (block !== undefined && block.pins++ === 0) this.#idle.remove(block);
    return block;
  }

  unpin(block: StoredBlock): void {
    if (--block.pins === 0 && !block.gone) this.#idle.add(block);
  }

  /**
   * Keeps a place for a block that will be written, removing older files until there is one. It waits for other
   * writes, which go on without it, but never for readers: they may need the io call that the writer occupies.
   * @throws StoreError `no_space` when every file is being read; what the removal fails with
   */
  async reserve(key: BlockKey): Promise<void> {
    await this.#leaving.get(key);
    while (this.#blocks.size + this.#reserved + this.#leaving.size >= this.capacity) {
      const oldest = this.#idle.oldest;
      if (oldest !== undefined) await this.remove(oldest, 'capacity');
      else if (this.#reserved + this.#leaving.size > 0) await this.#change();
      else throw new StoreError('no_space', `all ${this.#blocks.size} blocks in l2 are being read`);
    }
    this.#reserved++;
  }

  /** Gives a place back that {@link reserve} kept. */
  cancel(): void {
    this.#reserved--;
    this.#wake();
  }

  /** The file of a reserved block is in its place: it can be found. */
  settle(key: BlockKey): void {
    // A removal that failed may have brought it back meanwhile; its file has the same content.
    if (!this.#blocks.has(key)) {
      this.add(key);
      this.#written.stored(key);
    }
    this.cancel();
  }

  add(key: BlockKey): void {
    const block: StoredBlock = { key, pins: 0, gone: false, older: undefined, newer: undefined };
    this.#blocks.set(key, block);
    this.#idle.add(block);
  }

  /**
   * An idle block leaves. It cannot be found from now on, unless its file resists: then it is back.
   * @throws what the removal of the file fails with
   */
  async remove(block: StoredBlock, reason: EvictionReason): Promise<void> {
    this.#forget(block);
    if (reason === 'capacity') this.#written.evicted(block.key);
    else this.report(() => this.#reports.evicted('l2', [block.key], reason));
    const { error } = await this.#unlink(block.key, () => {
      this.add(block.key);
      this.report(() => this.#reports.stored('l2', [block.key], 'unknown'));
    });
    if (error !== undefined) throw error;
  }

  /** A file turned out to be missing or damaged: nobody may find it any more, whether or not it can be removed. */
  lose(block: StoredBlock): void {
    if (block.gone) return;
    this.#forget(block);
    this.report(() => this.#reports.evicted('l2', [block.key], 'deleted'));
    void this.#unlink(block.key, () => {});
  }

  /** Blocks that nothing pins, the one used longest ago first. */
  idleBlocks(): StoredBlock[] {
    const blocks: StoredBlock[] = [];
    for (let block = this.#idle.oldest; block !== undefined; block = block.newer) blocks.push(block);
    return blocks;
  }

  /** The block if it is here and nothing pins it. */
  idle(key: BlockKey): StoredBlock | undefined {
    const block = this.#blocks.get(key);
    return block?.pins === 0 ? block : undefined;
  }

  /** Removes a file whose block has been taken out silently, for a clear that publishes one event for all. */
  async erase(block: StoredBlock): Promise<boolean> {
    this.#forget(block);
    const { error } = await this.#unlink(block.key, () => this.add(block.key));
    return error === undefined;
  }

  /** Tells what has not been told of L2's blocks yet, then publishes what comes after it. */
  report(publish: () => void = () => {}): void {
    this.#written.flush();
    publish();
  }

  /** Resolves when every removal under way has ended. */
  async quiet(): Promise<void> {
    await Promise.all(this.#leaving.values());
  }

  occupancy(): Pick<TierOccupancy, 'tier' | 'capacity' | 'evictable' | 'pinned' | 'unknown'> {
    this.report();
    const evictable = this.#idle.size;
    const { capacity } = this;
    return { tier: 'l2', capacity, evictable, pinned: this.#blocks.size - evictable, unknown: 0 };
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #forget(block: StoredBlock): void {
    block.gone = true;
    if (block.pins === 0) this.#idle.remove(block);
    this.#blocks.delete(block.key);
  }

  /** @param resisted called when the file stays, before its place can be taken */
  async #unlink(key: BlockKey, resisted: () => void): Promise<{ error?: unknown }> {
    let failure: { error?: unknown } = {};
    const removal = this.#files.remove(this.path(key)).catch((error: unknown) => {
      if (errorTypeOf(error) !== 'not_found') failure = { error };
    });
    this.#leaving.set(key, removal);
    await removal;
    this.#leaving.delete(key);
    if ('error' in failure) resisted();
    this.#wake();
    return failure;
  }
}
