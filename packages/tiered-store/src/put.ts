import type { BlockKey } from '@kvscope/core';
import type { HeldBlock } from './held-block.js';
import { StoreError } from './store-error.js';
import type { StoreParts } from './store-parts.js';

/** Writes the content of a block: `bytes` are its `layers x shards` parts, layer by layer. Synchronous. */
export type FillBlock = (bytes: Buffer, key: BlockKey) => void;

/**
 * Takes L0 slots for blocks that were computed, and lets `fill` write those that are not in L0 already. All are
 * pinned once.
 * @throws StoreError `no_space` when L0 has no room, `aborted` while a batch is computing one of the blocks; what
 * `fill` throws. Nothing is kept then
 */
export function put(parts: StoreParts, keys: readonly BlockKey[], fill: FillBlock): HeldBlock[] {
  const { l0, reports } = parts;
  const found = keys.map((key) => l0.find(key));
  for (const block of found) {
    if (block !== undefined && !block.readable) {
      throw new StoreError(
        'aborted',
        `block ${String(block.key)} is being filled by a batch or a load; put it later`,
      );
    }
  }
  const pinned: HeldBlock[] = [];
  const made: BlockKey[] = [];
  const evicted: BlockKey[] = [];
  try {
    for (const block of found) {
      if (block === undefined) continue;
      l0.pin(block);
      pinned.push(block);
    }
    const missing = keys.filter((_, i) => found[i] === undefined);
    if (missing.length > l0.room) {
      throw new StoreError(
        'no_space',
        `${missing.length} blocks to put into l0, which has room for ${l0.room}`,
      );
    }
    for (const key of missing) {
      const block = l0.take(key, evicted);
      pinned.push(block);
      fill(l0.bytes(block), key);
      made.push(key);
    }
  } catch (error) {
    for (const block of pinned) l0.unpin(block);
    reports.evicted('l0', evicted, 'capacity');
    throw error;
  }
  for (const block of pinned) {
    block.layers.fill(true);
    l0.settle(block);
  }
  reports.evicted('l0', evicted, 'capacity');
  reports.stored('l0', made, 'computed');
  return pinned;
}
