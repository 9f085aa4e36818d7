import {
  type BatchId,
  type BlockKey,
  type Occupancy,
  requireThat,
  type Source,
  TIERS,
  type Tier,
} from '@kvscope/core';
import { type Assembly, assemble } from './assembly.js';
import { Batch } from './batch.js';
import { releaseBatchBlocks, takeBatchBlocks } from './batch-blocks.js';
import { blockName } from './block-name.js';
import { dump } from './dump.js';
import type { Geometry } from './geometry.js';
import { load } from './load.js';
import { type LookupOptions, type LookupResult, lookup } from './lookup.js';
import { type StoreOptions, type StoreSettings, storeSettings } from './options.js';
import { type FillBlock, put } from './put.js';
import { clear, evict, quiesced, type Removed } from './removal.js';
import { StoreError, storeError } from './store-error.js';
import type { TaskSummary } from './task-report.js';

export interface TaskOptions {
  /** Requests served by it, for the transfer's event. Default: not told. */
  readonly requests?: number;
}

export interface BatchOptions extends TaskOptions {
  /** Names it in events. Default: a running number. */
  readonly batch?: BatchId;
  /** Blocks to load, layer by layer. Default: none. */
  readonly load?: readonly BlockKey[];
  /** Blocks that will be computed and saved, layer by layer; those to load are left out. Default: none. */
  readonly save?: readonly BlockKey[];
}

/** A block store of three tiers. Keys given twice in one call count once. */
export class TieredStore {
  readonly #assembly: Assembly;
  readonly #settings: StoreSettings;
  readonly #batches = new Set<Batch>();
  /** Batches that wait for their places. */
  #starting = 0;
  #batchNumber = 0;
  #closed: Promise<void> | undefined;

  /** Made by {@link openStore}. */
  constructor(assembly: Assembly, settings: StoreSettings) {
    this.#assembly = assembly;
    this.#settings = settings;
  }

  /** Names this store in its events. */
  get source(): Source {
    return this.#assembly.source;
  }

  get geometry(): Geometry {
    return this.#assembly.parts.geometry;
  }

  /** What the tiers hold now. Every event up to now has been published when it returns. */
  occupancy(): Occupancy {
    return this.source.occupancy?.() ?? { tiers: [] };
  }

  /** Asks the tiers from the highest down. It pins nothing: a block may be gone by the time it is loaded. */
  lookup(keys: readonly BlockKey[], options: LookupOptions = {}): LookupResult {
    this.#requireOpen();
    return lookup(this.#assembly.parts, keys, options);
  }

  /**
   * Puts computed blocks into L0, each pinned until {@link release}. `fill` writes the bytes of those that are not
   * there already.
   * @throws StoreError `no_space` when everything in L0 is pinned, `aborted` while a batch or load fills one
   */
  put(keys: readonly BlockKey[], fill: FillBlock): void {
    this.#requireOpen();
    for (const block of put(this.#assembly.parts, distinct(keys), fill)) block.userPins++;
  }

  /**
   * Brings blocks into L0, each pinned until {@link release}.
   * @throws StoreError with the reason of the first block that failed; none is pinned then, those that arrived stay
   */
  async load(keys: readonly BlockKey[], { requests }: TaskOptions = {}): Promise<TaskSummary> {
    this.#requireOpen();
    const { parts } = this.#assembly;
    const wanted = distinct(keys);
    const request = { keys: wanted, layers: parts.geometry.all, queue: parts.tasks, requests };
    const summary = await load(parts, request);
    for (const key of wanted) {
      const block = parts.l0.find(key);
      if (block !== undefined) block.userPins++;
    }
    return summary;
  }

  /**
   * Copies blocks from L0 to L1 and hands them to the write-behind queue, where it ends. What L2 holds is skipped.
   * @throws StoreError with the reason; a write that fails later shows in `io.finished` only
   */
  async dump(keys: readonly BlockKey[], { requests }: TaskOptions = {}): Promise<TaskSummary> {
    this.#requireOpen();
    const { parts } = this.#assembly;
    return dump(parts, { keys: distinct(keys), layers: parts.geometry.all, queue: parts.tasks, requests });
  }

  /** The L0 bytes of a block that {@link put} or {@link load} has pinned, layer by layer; valid until its release. */
  bytes(key: BlockKey): Buffer {
    const block = this.#assembly.parts.l0.find(key);
    requireThat(
      block !== undefined && block.userPins > 0,
      'key',
      key,
      'keys that were put or loaded and not released',
    );
    return this.#assembly.parts.l0.bytes(block);
  }

  /** Takes back one pin of each. @throws RangeError for a key without one; nothing is released then */
  release(keys: readonly BlockKey[]): void {
    const { l0, reports } = this.#assembly.parts;
    const blocks = distinct(keys).map((key) => {
      const block = l0.find(key);
      requireThat(
        block !== undefined && block.userPins > 0,
        'key',
        key,
        'keys that were put or loaded and not released',
      );
      return block;
    });
    const left = blocks.filter((block) => {
      block.userPins--;
      return l0.unpin(block);
    });
    reports.released(
      'l0',
      left.map(({ key }) => key),
    );
  }

  /**
   * Begins a forward pass. It waits until L1 has room for all of its blocks at once.
   * @throws StoreError `no_space`, `not_found`, `timeout` or `queue_full`, as {@link takeBatchBlocks} says
   */
  async startBatch({ batch, requests, ...options }: BatchOptions): Promise<Batch> {
    this.#requireOpen();
    const { maxBatches } = this.#settings;
    if (this.#batches.size + this.#starting >= maxBatches) {
      throw new StoreError(
        'queue_full',
        `${maxBatches} batches are open, which is maxBatches; finish one first`,
      );
    }
    const { parts } = this.#assembly;
    const loads = distinct(options.load ?? []);
    const saves = distinct(options.save ?? []).filter((key) => !loads.includes(key));
    this.#starting++;
    try {
      const blocks = await takeBatchBlocks(parts, loads, saves);
      if (this.#closed !== undefined) {
        releaseBatchBlocks(parts, blocks);
        this.#requireOpen();
      }
      const plan = { id: batch ?? ++this.#batchNumber, loads, saves, requests };
      const started = new Batch(parts, plan, blocks, (finished) => this.#batches.delete(finished));
      this.#batches.add(started);
      return started;
    } finally {
      this.#starting--;
    }
  }

  /** Removes blocks from some tiers (default: all) once no task runs; pinned ones stay. */
  async evict(keys: readonly BlockKey[], tiers: readonly Tier[] = TIERS): Promise<Removed> {
    this.#requireOpen();
    const { parts } = this.#assembly;
    return quiesced(parts, () => evict(parts, distinct(keys), tiers));
  }

  /** Empties some tiers (default: all) once no task runs. @throws StoreError `aborted` when a block is pinned */
  async clear(tiers: readonly Tier[] = TIERS): Promise<Removed> {
    this.#requireOpen();
    const { parts } = this.#assembly;
    return quiesced(parts, () => clear(parts, tiers));
  }

  /** Resolves when the write-behind queue is empty. */
  async drain(): Promise<void> {
    await this.#assembly.parts.writes.drain();
  }

  /**
   * Ends it: waiting tasks fail with `aborted`, running ones and writes end, open batches are finished, the
   * directory is free for another process. Safe to call again. The files stay.
   * @throws StoreError when the lock of the directory cannot be removed; the store is closed all the same, and the
   * directory is free once this process has ended
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { parts, lock, source } = this.#assembly;
    const { tasks, layerTasks, writes, storage, reports } = parts;
    for (const queue of [tasks, layerTasks])
      queue.refuseWaiting(new StoreError('aborted', 'the store was closed'));
    await Promise.allSettled([...this.#batches].map((batch) => batch.finishBatch()));
    await quiesced(parts, () => storage.quiet());
    await writes.drain();
    const { error } = await lock.release().then(
      () => ({ error: undefined }),
      (error: unknown) => ({ error: storeError('close', error) }),
    );
    for (const tier of ['l0', 'l1'] as const) {
      const { evictable, pinned } = parts[tier].occupancy();
      const blocks = evictable + pinned;
      reports.publish('tier.cleared', (source) => ({ source, time: reports.moments.now(), tier, blocks }));
    }
    // Its files stay, but this source will not tell any more what becomes of them.
    reports.publish('source.reset', (source) => ({ source, time: reports.moments.now(), tier: 'l2' }));
    reports.flush();
    source.close();
    if (error !== undefined) throw error;
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new StoreError('aborted', 'the store is closed');
  }
}

/**
 * Opens a store on a directory, with the blocks that are there.
 * @throws RangeError for an option outside its range; StoreError when the directory cannot be used:
 * `permission_denied` while another process uses it
 */
export async function openStore(options: StoreOptions): Promise<TieredStore> {
  const settings = storeSettings(options);
  return new TieredStore(await assemble(settings), settings);
}

/** @throws RangeError for a key that no file can be named after */
function distinct(keys: readonly BlockKey[]): readonly BlockKey[] {
  const some = [...new Set(keys)];
  for (const key of some) blockName(key);
  return some;
}
