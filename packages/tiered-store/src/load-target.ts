import type { BlockKey, ErrorType } from '@kvscope/core';
import type { LayerRange } from './geometry.js';
import type { Fill, HeldBlock } from './held-block.js';
import type { MemoryTier } from './memory-tier.js';
import { StoreError } from './store-error.js';
import { blockError } from './task.js';

/** One block of L0 that a load fills: pinned by it. */
export interface LoadTarget {
  readonly block: HeldBlock;
  /** Layers that this load fills, ascending. */
  readonly layers: readonly number[];
  /** Layers that other loads are filling already. */
  readonly shared: readonly Fill[];
  /** Tells those who wait for {@link layers} how it ended; calling it again does nothing. */
  readonly settle: (errorType: ErrorType | undefined) => void;
}

/**
 * Gives each key its block in L0, pinned, and makes its missing layers this load's own.
 * @param evicted receives the keys that had to leave
 * @throws StoreError `no_space` when L0 has no room, `not_found` for a block whose content is being computed
 */
export function claimTargets(
  l0: MemoryTier,
  keys: readonly BlockKey[],
  range: LayerRange,
  evicted: BlockKey[],
): LoadTarget[] {
  const found = keys.map((key) => l0.find(key));
  const computing = found.find((block) => block?.computing);
  if (computing !== undefined) throw blockError(computing.key, 'not_found');
  // All of them before the first slot is taken: taking one may evict any block that is not pinned.
  for (const block of found) if (block !== undefined) l0.pin(block);
  const missing = found.filter((block) => block === undefined).length;
  if (missing > l0.room) {
    const { room, capacity } = l0;
    for (const block of found) if (block !== undefined) l0.unpin(block);
    throw new StoreError(
      'no_space',
      `${missing} blocks to load into l0, which has room for ${room} of its ${capacity}; the others are pinned`,
    );
  }
  const blocks = keys.map((key, i) => found[i] ?? l0.take(key, evicted));
  return blocks.map((block) => claimLayers(block, range));
}

function claimLayers(block: HeldBlock, { from, to }: LayerRange): LoadTarget {
  const layers: number[] = [];
  const shared: Fill[] = [];
  for (let layer = from; layer < to; layer++) {
    const state = block.layers[layer];
    if (state === undefined) layers.push(layer);
    else if (state !== true) shared.push(state);
  }
  if (layers.length === 0) return { block, layers, shared, settle: () => {} };
  let resolve: (errorType: ErrorType | undefined) => void = () => {};
  const fill: Fill = new Promise((settled) => {
    resolve = settled;
  });
  for (const layer of layers) block.layers[layer] = fill;
  let open = true;
  return {
    block,
    layers,
    shared,
    settle(errorType) {
      if (!open) return;
      open = false;
      for (const layer of layers) block.layers[layer] = errorType === undefined ? true : undefined;
      resolve(errorType);
    },
  };
}
