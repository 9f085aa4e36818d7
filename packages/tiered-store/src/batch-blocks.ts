import type { BlockKey } from '@kvscope/core';
import type { HeldBlock } from './held-block.js';
import type { StoredBlock } from './storage-tier.js';
import { StoreError } from './store-error.js';
import type { StoreParts } from './store-parts.js';
import { blockError } from './task.js';

/** What a batch keeps in its places until it is over, so that no layer of it has to wait for room. */
export interface BatchBlocks {
  readonly l0: ReadonlyMap<BlockKey, HeldBlock>;
  readonly images: readonly HeldBlock[];
  readonly files: readonly StoredBlock[];
}

/**
 * Takes the places that a batch needs. A block to save whose key is in L0 already is computed into a private copy:
 * two batches that compute the same block do not write into each other's bytes.
 * @throws StoreError `no_space` (L0, or more blocks than L1 has slots), `not_found` for a block to load that is in
 * no tier or still being computed, `timeout` when L1 has had no room for too long. Nothing is kept then
 */
export async function takeBatchBlocks(
  parts: StoreParts,
  loads: readonly BlockKey[],
  saves: readonly BlockKey[],
): Promise<BatchBlocks> {
  const { l0, storage, room } = parts;
  const blocks = takeDeviceBlocks(parts, loads, saves);
  const incoming = loads.filter((key) => blocks.get(key)?.readable !== true);
  const outgoing = saves.filter((key) => blocks.get(key)?.indexed);
  const files = incoming.flatMap((key) => storage.pin(key) ?? []);
  const images = (): BlockKey[] => [...incoming, ...outgoing.filter((key) => !storage.holds(key))];
  try {
    const unpinned = (key: BlockKey) => (parts.l1.find(key)?.pins ?? 0) === 0;
    const held = await room.take(
      () => images().filter(unpinned).length,
      () => takeImages(parts, images()),
    );
    return { l0: blocks, images: held, files };
  } catch (error) {
    for (const file of files) storage.unpin(file);
    for (const block of blocks.values()) l0.unpin(block);
    throw error;
  }
}

/** Gives back what {@link takeBatchBlocks} took, and tells which blocks nobody holds any more. */
export function releaseBatchBlocks({ l0, l1, storage, reports }: StoreParts, blocks: BatchBlocks): void {
  const left = [...blocks.l0.values()].filter((block) => l0.unpin(block));
  reports.released(
    'l0',
    left.map(({ key }) => key),
  );
  for (const image of blocks.images) l1.unpin(image);
  for (const file of blocks.files) storage.unpin(file);
}

function takeDeviceBlocks(
  { l0, l1, storage, reports }: StoreParts,
  loads: readonly BlockKey[],
  saves: readonly BlockKey[],
): Map<BlockKey, HeldBlock> {
  const found = new Map<BlockKey, HeldBlock>();
  for (const key of loads) {
    const block = l0.find(key);
    const below = l1.holds(key) || storage.holds(key);
    if (block === undefined ? !below : block.computing) throw blockError(key, 'not_found');
    if (block !== undefined) found.set(key, block);
  }
  for (const block of found.values()) l0.pin(block);
  const needed = loads.length - found.size + saves.length;
  if (needed > l0.room) {
    const { room } = l0;
    for (const block of found.values()) l0.unpin(block);
    throw new StoreError('no_space', `a batch needs ${needed} more blocks in l0, which has room for ${room}`);
  }
  const evicted: BlockKey[] = [];
  for (const key of loads) if (!found.has(key)) found.set(key, l0.take(key, evicted));
  for (const key of saves) {
    const block = l0.take(key, evicted, l0.find(key) === undefined);
    block.computing = true;
    found.set(key, block);
  }
  reports.evicted('l0', evicted, 'capacity');
  return found;
}

function takeImages({ l1, reports }: StoreParts, keys: readonly BlockKey[]): HeldBlock[] {
  const found = keys.map((key) => l1.find(key));
  for (const image of found) if (image !== undefined) l1.pin(image);
  const evicted: BlockKey[] = [];
  const images = keys.map((key, i) => found[i] ?? l1.take(key, evicted));
  reports.evicted('l1', evicted, 'capacity');
  return images;
}
