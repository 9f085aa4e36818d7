import type { BlockKey, ErrorType } from '@kvscope/core';
import type { BlockFiles } from './block-files.js';
import { layersIntact } from './block-image.js';
import { type Delays, pause } from './delays.js';
import { PART_SUFFIX } from './directory.js';
import type { Geometry, LayerRange } from './geometry.js';
import type { Reports, ShardWait } from './reports.js';
import { Slots } from './slots.js';
import type { StorageTier } from './storage-tier.js';
import { errorTypeOf } from './store-error.js';

export interface StorageIoOptions {
  readonly geometry: Geometry;
  readonly files: BlockFiles;
  readonly storage: StorageTier;
  readonly reports: Reports;
  readonly delays: Delays;
  /** Calls at once. */
  readonly concurrency: number;
  readonly durable: boolean;
}

/**
 * The io calls of L2: at most so many at once, the rest in order. How many wait is bounded by who submits them: the
 * running tasks, each with at most as many blocks as L1 holds, and the write-behind queue.
 */
export class StorageIo {
  readonly #options: StorageIoOptions;
  readonly #slots: Slots;

  constructor(options: StorageIoOptions) {
    this.#options = options;
    this.#slots = new Slots('io', options.concurrency);
  }

  /**
   * Reads layers of a block into its image and checks them.
   * @param seed where the checksums of the block start from
   * @param wait of the shards that it reads
   * @returns why it failed, if it did: `corrupt` for a file that ends early or has other content than was written
   */
  async read(
    key: BlockKey,
    seed: number,
    image: Buffer,
    range: LayerRange,
    wait: ShardWait,
  ): Promise<ErrorType | undefined> {
    const { geometry, files, storage, reports, delays } = this.#options;
    const { layerImageBytes } = geometry;
    const position = range.from * layerImageBytes;
    const target = image.subarray(position, range.to * layerImageBytes);
    const submittedTime = reports.moments.now();
    const startTime = reports.moments.after(submittedTime, await this.#slots.acquire());
    let bytes = 0;
    let errorType: ErrorType | undefined;
    try {
      if (delays.readMs > 0) await pause(delays.readMs);
      bytes = await files.read(storage.path(key), target, position);
      const intact = bytes === target.length && layersIntact(geometry, seed, image, range);
      if (!intact) errorType = 'corrupt';
    } catch (error) {
      errorType = errorTypeOf(error);
    }
    const shards = (range.to - range.from) * geometry.shards;
    const read = { direction: 'read', submittedTime, startTime, bytes, errorType } as const;
    this.#slots.release(reports.hasRead(read, shards, wait));
    return errorType;
  }

  /**
   * Writes a block's image to a file of its own and puts it in its place, as one io.
   * @returns why it failed, if it did; nothing of it is visible then
   */
  async write(key: BlockKey, image: Buffer): Promise<ErrorType | undefined> {
    const { files, storage, reports, delays, durable } = this.#options;
    const submittedTime = reports.moments.now();
    let startTime = reports.moments.after(submittedTime, await this.#slots.acquire());
    let errorType: ErrorType | undefined;
    try {
      await storage.reserve(key);
      startTime = reports.moments.after(startTime);
      try {
        if (delays.writeMs > 0) await pause(delays.writeMs);
        const path = storage.path(key);
        await this.#replace(path, image, durable, files);
        storage.settle(key);
      } catch (error) {
        storage.cancel();
        throw error;
      }
    } catch (error) {
      errorType = errorTypeOf(error);
    }
    const bytes = errorType === undefined ? image.length : 0;
    this.#slots.release(reports.wrote({ direction: 'write', submittedTime, startTime, bytes, errorType }));
    return errorType;
  }

  async #replace(path: string, image: Buffer, durable: boolean, files: BlockFiles): Promise<void> {
    const part = path + PART_SUFFIX;
    try {
      await files.write(part, image, durable);
      await files.rename(part, path, durable);
    } catch (error) {
      // What a full disk left of it; where even that fails, the next opening cleans up.
      await files.remove(part).catch(() => {});
      throw error;
    }
  }
}
