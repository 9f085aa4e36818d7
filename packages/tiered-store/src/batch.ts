import { type BatchId, type BlockKey, type LayerOperation, requireThat } from '@kvscope/core';
import { type BatchBlocks, releaseBatchBlocks } from './batch-blocks.js';
import { dump } from './dump.js';
import type { HeldBlock } from './held-block.js';
import { load } from './load.js';
import { StoreError } from './store-error.js';
import type { StoreParts } from './store-parts.js';

export interface BatchPlan {
  readonly id: BatchId;
  readonly loads: readonly BlockKey[];
  readonly saves: readonly BlockKey[];
  readonly requests: number | undefined;
}

/** How a layer's task ended. */
type Ended = Promise<{ readonly error?: unknown }>;

/**
 * One forward pass. For each layer in order: `await waitLayer(layer)`, compute with {@link layerBytes} (reading the
 * blocks to load, writing the blocks to save), `saveLayer(layer)`; then `await finishBatch()`, also after a failure.
 */
export class Batch {
  readonly id: BatchId;
  readonly #parts: StoreParts;
  readonly #plan: BatchPlan;
  readonly #blocks: BatchBlocks;
  readonly #onFinished: (batch: Batch) => void;
  readonly #loads: (Ended | undefined)[];
  readonly #saves: (Ended | undefined)[];
  readonly #waited: boolean[];
  #finished: Promise<void> | undefined;

  /** Made by `startBatch`: the first layer's load is submitted here. */
  constructor(parts: StoreParts, plan: BatchPlan, blocks: BatchBlocks, onFinished: (batch: Batch) => void) {
    const { layers } = parts.geometry;
    this.id = plan.id;
    this.#parts = parts;
    this.#plan = plan;
    this.#blocks = blocks;
    this.#onFinished = onFinished;
    this.#loads = new Array<undefined>(layers).fill(undefined);
    this.#saves = new Array<undefined>(layers).fill(undefined);
    this.#waited = new Array<boolean>(layers).fill(false);
    this.#submitLoad(0);
  }

  /**
   * The L0 bytes of one layer of a block of this batch. Those of a block to load are its content once
   * {@link waitLayer} has resolved. Not to be used after {@link finishBatch}: the slot may be another block's then.
   */
  layerBytes(key: BlockKey, layer: number): Buffer {
    this.#requireLayer(layer);
    const block = this.#blocks.l0.get(key);
    requireThat(block !== undefined, 'key', key, 'the keys that this batch loads or saves');
    const { layerBytes } = this.#parts.geometry;
    return this.#parts.l0.bytes(block).subarray(layer * layerBytes, (layer + 1) * layerBytes);
  }

  /**
   * Resolves when the layer of every block to load is in L0. The next layer's load is submitted then, and runs
   * while the caller computes: one layer ahead.
   * @throws StoreError with the reason why the load failed
   */
  async waitLayer(layer: number): Promise<void> {
    this.#requireLayer(layer);
    if (this.#plan.loads.length === 0) return;
    const startTime = this.#parts.reports.moments.now();
    const { error } = await this.#submitLoad(layer);
    if (!this.#waited[layer]) {
      this.#waited[layer] = true;
      this.#publishWaited('load', layer, startTime);
    }
    if (error !== undefined) throw error;
    if (layer + 1 < this.#loads.length && this.#finished === undefined) this.#submitLoad(layer + 1);
  }

  /** Submits the dump of one layer of every block to save, whose bytes the caller has written. Each layer once. */
  saveLayer(layer: number): void {
    this.#requireLayer(layer);
    requireThat(this.#saves[layer] === undefined, 'layer', layer, 'layers that were not saved yet');
    if (this.#plan.saves.length === 0) return;
    const { reports, l0 } = this.#parts;
    const startTime = reports.moments.now();
    const own = this.#blocksOf(this.#plan.saves).filter(({ indexed }) => indexed);
    for (const block of own) block.layers[layer] = true;
    const stored = own.filter((block) => l0.settle(block)).map(({ key }) => key);
    reports.stored('l0', stored, 'computed');
    this.#saves[layer] = endOf(
      dump(
        this.#parts,
        this.#request(
          own.map(({ key }) => key),
          layer,
        ),
      ),
    );
    this.#publishSubmitted('save', layer, startTime);
  }

  /**
   * Compute is over: waits for the saves, then lets go of the blocks; those that were loaded or saved whole stay
   * in L0 as evictable ones. Calling it again gives the same answer.
   * @throws StoreError with the reason why a save failed
   */
  finishBatch(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    const { reports } = this.#parts;
    const saveTailStartTime = reports.moments.now();
    const failures: unknown[] = [];
    for (const [layer, save] of this.#saves.entries()) {
      if (save === undefined) continue;
      const startTime = reports.moments.now();
      const { error } = await save;
      this.#publishWaited('save', layer, startTime);
      if (error !== undefined) failures.push(error);
    }
    const saved = this.#saves.some((save) => save !== undefined);
    await Promise.all(this.#loads);
    releaseBatchBlocks(this.#parts, this.#blocks);
    this.#onFinished(this);
    reports.publish('batch.finished', (source) => ({
      source,
      time: reports.moments.after(saveTailStartTime),
      batch: this.id,
      ...(saved && { saveTailStartTime }),
    }));
    if (failures.length > 0) throw failures[0];
  }

  #submitLoad(layer: number): Ended {
    const submitted = this.#loads[layer];
    if (submitted !== undefined) return submitted;
    if (this.#plan.loads.length === 0) return Promise.resolve({});
    const { reports, l0 } = this.#parts;
    const startTime = reports.moments.now();
    const ended = endOf(
      load(this.#parts, this.#request(this.#plan.loads, layer)).then(() => {
        // The load has pinned them once more, and the batch holds them already.
        for (const block of this.#blocksOf(this.#plan.loads)) l0.unpin(block);
        reports.publish('layer.loaded', (source) => ({
          source,
          time: reports.moments.after(startTime),
          startTime,
          ...this.#layer(layer),
        }));
      }),
    );
    this.#loads[layer] = ended;
    this.#publishSubmitted('load', layer, startTime);
    return ended;
  }

  #blocksOf(keys: readonly BlockKey[]): HeldBlock[] {
    return keys.flatMap((key) => this.#blocks.l0.get(key) ?? []);
  }

  #request(keys: readonly BlockKey[], layer: number) {
    const { requests } = this.#plan;
    return { keys, layers: { from: layer, to: layer + 1 }, queue: this.#parts.layerTasks, requests };
  }

  #layer(layer: number) {
    return { batch: this.id, layer, first: layer === 0 };
  }

  #publishSubmitted(operation: LayerOperation, layer: number, startTime: number): void {
    const { reports } = this.#parts;
    const { requests } = this.#plan;
    reports.publish('layer.submitted', (source) => ({
      source,
      time: reports.moments.after(startTime),
      startTime,
      operation,
      ...this.#layer(layer),
      ...(requests !== undefined && { requests }),
    }));
  }

  #publishWaited(operation: LayerOperation, layer: number, startTime: number): void {
    const { reports } = this.#parts;
    reports.publish('layer.waited', (source) => ({
      source,
      time: reports.moments.after(startTime),
      startTime,
      operation,
      tasks: 1,
      ...this.#layer(layer),
    }));
  }

  #requireLayer(layer: number): void {
    if (this.#finished !== undefined) throw new StoreError('aborted', `batch ${this.id} is finished`);
    const { layers } = this.#parts.geometry;
    requireThat(
      Number.isInteger(layer) && layer >= 0 && layer < layers,
      'layer',
      layer,
      `a whole number from 0 to ${layers - 1}`,
    );
  }
}

async function endOf(task: Promise<unknown>): Ended {
  try {
    await task;
    return {};
  } catch (error) {
    return { error };
  }
}
