import { type BlockKey, createSource, type Occupancy, type Source } from '@kvscope/core';
import { openDirectory } from './directory.js';
import type { DirectoryLock } from './directory-lock.js';
import { MemoryTier } from './memory-tier.js';
import type { StoreSettings } from './options.js';
import { Reports } from './reports.js';
import { RoomQueue } from './room-queue.js';
import { Slots } from './slots.js';
import { StorageIo } from './storage-io.js';
import { StorageTier } from './storage-tier.js';
import type { StoreParts } from './store-parts.js';
import { WriteBehind } from './write-behind.js';

export interface Assembly {
  readonly parts: StoreParts;
  readonly source: Source;
  readonly lock: DirectoryLock;
}

/** Blocks found at opening are told in events of at most so many keys. */
const KEYS_PER_EVENT = 4096;

/**
 * Opens the directory and puts the parts of a store together. The blocks found there are published as stored, with
 * cause `unknown`.
 * @throws RangeError for tiers larger than a buffer can be; StoreError when the directory cannot be used
 */
export async function assemble(settings: StoreSettings): Promise<Assembly> {
  const { geometry, directory, files, delays, bus, clock } = settings;
  const { layers, blockBytes, imageBytes } = geometry;
  const l0 = new MemoryTier({ tier: 'l0', capacity: settings.l0Blocks, slotBytes: blockBytes, layers });
  const l1 = new MemoryTier({ tier: 'l1', capacity: settings.l1Blocks, slotBytes: imageBytes, layers });
  const { lock, keys } = await openDirectory(directory, geometry, settings.l2Blocks, files);
  const occupancy = (): Occupancy => occupancyOf(parts, settings.blockTokens);
  const source = createSource({ attributes: settings.attributes, backend: 'files', occupancy }, bus);
  const reports = new Reports(bus, source, clock);
  const storage = new StorageTier(directory, settings.l2Blocks, files, reports);
  const io = new StorageIo({
    geometry,
    files,
    storage,
    reports,
    delays,
    concurrency: settings.ioConcurrency,
    durable: settings.fsync,
  });
  const { maxRunningTasks, maxWaitingTasks } = settings;
  const parts: StoreParts = {
    geometry,
    reports,
    delays,
    l0,
    l1,
    room: new RoomQueue(l1, settings.roomTimeoutMs),
    storage,
    io,
    writes: new WriteBehind(l1, io, storage, reports, settings.maxQueuedWrites),
    tasks: new Slots('task queue', maxRunningTasks, maxWaitingTasks),
    // Bounded by maxBatches: each has one load and one save of each layer at most.
    layerTasks: new Slots('layer task queue', maxRunningTasks),
    begun: { tasks: 0 },
    active: { load: 0, dump: 0 },
  };
  addFound(parts, keys);
  return { parts, source, lock };
}

function addFound({ storage, reports }: StoreParts, keys: readonly BlockKey[]): void {
  for (let i = 0; i < keys.length; i += KEYS_PER_EVENT) {
    const some = keys.slice(i, i + KEYS_PER_EVENT);
    for (const key of some) storage.add(key);
    reports.stored('l2', some, 'unknown');
  }
  reports.flush();
}

function occupancyOf(
  { l0, l1, storage, geometry, active, reports }: StoreParts,
  blockTokens: number | undefined,
): Occupancy {
  const size = { blockBytes: geometry.blockBytes, ...(blockTokens !== undefined && { blockTokens }) };
  const tiers = [l0, l1, storage].map((tier) => ({ ...tier.occupancy(), ...size }));
  // What it answers has been told.
  reports.flush();
  return {
    tiers,
    transfers: [
      { from: 'l1', to: 'l0', active: active.load },
      { from: 'l0', to: 'l1', active: active.dump },
    ],
  };
}
