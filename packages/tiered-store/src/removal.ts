import type { BlockKey, Tier } from '@kvscope/core';
import { StoreError, storeError } from './store-error.js';
import type { StoreParts } from './store-parts.js';

/** Blocks that left each tier. {block} */
export type Removed = Readonly<Record<Tier, number>>;

/** Runs `work` while no task runs and nothing is being written. Batches may be open; what they hold stays pinned. */
export async function quiesced<T>(
  { tasks, layerTasks, writes }: StoreParts,
  work: () => Promise<T>,
): Promise<T> {
  return tasks.exclusive(() =>
    layerTasks.exclusive(async () => {
      await writes.drain();
      return work();
    }),
  );
}

/**
 * Removes blocks from tiers; a pinned one stays.
 * @throws StoreError when a file resists; all others are gone then
 */
export async function evict(
  parts: StoreParts,
  keys: readonly BlockKey[],
  tiers: readonly Tier[],
): Promise<Removed> {
  const { reports, storage } = parts;
  const removed = { l0: 0, l1: 0, l2: 0 };
  for (const tier of ['l0', 'l1'] as const) {
    if (!tiers.includes(tier)) continue;
    const gone = keys.filter((key) => dropIdle(parts, tier, key));
    reports.evicted(tier, gone, 'deleted');
    removed[tier] = gone.length;
  }
  const failures: unknown[] = [];
  for (const key of tiers.includes('l2') ? keys : []) {
    const block = storage.idle(key);
    if (block === undefined) continue;
    try {
      await storage.remove(block, 'deleted');
      removed.l2++;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw storeError(`evict: ${failures.length} files stay`, failures[0]);
  return removed;
}

/**
 * Empties tiers, each with one event for all of its blocks.
 * @throws StoreError `aborted` when something in them is pinned (nothing leaves then), or the reason of the files
 * that could not be removed
 */
export async function clear(parts: StoreParts, tiers: readonly Tier[]): Promise<Removed> {
  const { l0, l1, storage, reports } = parts;
  for (const { tier, pinned } of [l0, l1, storage].map((holder) => holder.occupancy())) {
    if (!tiers.includes(tier) || pinned === 0) continue;
    throw new StoreError(
      'aborted',
      `clear: ${pinned} blocks of ${tier} are pinned; release them, finish batches`,
    );
  }
  const removed = { l0: 0, l1: 0, l2: 0 };
  for (const tier of ['l0', 'l1'] as const) {
    if (!tiers.includes(tier)) continue;
    const keys = parts[tier].idleKeys();
    for (const key of keys) dropIdle(parts, tier, key);
    removed[tier] = keys.length;
    publishCleared(parts, tier, keys.length);
  }
  if (!tiers.includes('l2')) return removed;
  const gone: BlockKey[] = [];
  const blocks = storage.idleBlocks();
  for (const block of blocks) if (await storage.erase(block)) gone.push(block.key);
  removed.l2 = gone.length;
  if (gone.length === blocks.length) {
    publishCleared(parts, 'l2', gone.length);
    return removed;
  }
  storage.report(() => reports.evicted('l2', gone, 'cleared'));
  throw new StoreError(
    'io_error',
    `clear: ${blocks.length - gone.length} files could not be removed and stay`,
  );
}

function publishCleared({ reports }: StoreParts, tier: Tier, blocks: number): void {
  reports.publish('tier.cleared', (source) => ({ source, time: reports.moments.now(), tier, blocks }));
}

function dropIdle(parts: StoreParts, tier: 'l0' | 'l1', key: BlockKey): boolean {
  const block = parts[tier].find(key);
  if (block === undefined || !block.readable || block.pins > 0) return false;
  parts[tier].drop(block);
  return true;
}
