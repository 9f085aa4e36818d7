import type { BlockKey, ErrorType } from '@kvscope/core';
import { checksumSeed, sealLayers } from './block-image.js';
import { blockName } from './block-name.js';
import { pause } from './delays.js';
import type { LayerRange } from './geometry.js';
import type { Fill, HeldBlock } from './held-block.js';
import type { StoreParts } from './store-parts.js';
import { blockError, rangesOf } from './task.js';
import type { TaskReport } from './task-report.js';

/** One block of a step that is not in L2 yet. */
interface Staged {
  readonly image: HeldBlock;
  /** Pinned where there is something to copy from it. */
  readonly block: HeldBlock | undefined;
  readonly layers: readonly number[];
  readonly waits: readonly Fill[];
}

/**
 * Copies some blocks from L0 to L1 and hands those that are whole to the write-behind queue: what one grant of L1
 * slots is good for.
 * @returns fills of other dumps that this one relies on
 * @throws StoreError with the reason
 */
export async function dumpStep(
  parts: StoreParts,
  keys: readonly BlockKey[],
  range: LayerRange,
  report: TaskReport,
): Promise<{ key: BlockKey; fill: Fill }[]> {
  const { l0, l1, delays, writes } = parts;
  const staged = await parts.room.take(
    () => slotsNeeded(parts, keys),
    () => stage(parts, keys, range, report),
  );
  report.mark('dispatchedTime');
  let copied: (errorType: ErrorType | undefined) => void = () => {};
  const fill: Fill = new Promise((resolve) => {
    copied = resolve;
  });
  for (const { image, layers } of staged) for (const layer of layers) image.layers[layer] = fill;
  if (delays.copyMs > 0 && staged.length > 0) await pause(delays.copyMs);
  const handOff = copy(parts, staged, report);
  copied(undefined);
  report.mark('copiedTime');
  if (delays.handoffMs > 0) await pause(delays.handoffMs);
  await writes.offer(handOff);
  report.mark('handedOffTime');
  for (const { image, block } of staged) {
    if (block !== undefined) l0.unpin(block);
    l1.unpin(image);
  }
  return staged.flatMap(({ image, waits }) => waits.map((wait) => ({ key: image.key, fill: wait })));
}

/** An image that nothing pins counts as room, so pinning it uses a slot up like taking one. */
function slotsNeeded({ l1, storage }: StoreParts, keys: readonly BlockKey[]): number {
  let needed = 0;
  for (const key of keys) if (!storage.holds(key) && (l1.find(key)?.pins ?? 0) === 0) needed++;
  return needed;
}

/** Gives each block that L2 does not hold its image in L1, and finds out what of it has to be copied. */
function stage(
  { l0, l1, storage, geometry, reports }: StoreParts,
  keys: readonly BlockKey[],
  range: LayerRange,
  report: TaskReport,
): Staged[] {
  const missing = keys.filter((key) => {
    const stored = storage.pin(key);
    if (stored === undefined) return true;
    // It is there: being wanted makes it the most recently used one.
    storage.unpin(stored);
    return false;
  });
  const plans = missing.map((key) => plan(l0.find(key), l1.find(key), key, range));
  for (const { block, image } of plans) {
    if (block !== undefined) l0.pin(block);
    if (image !== undefined) l1.pin(image);
  }
  const evicted: BlockKey[] = [];
  const staged = plans.map(({ key, image, block, layers, waits }) => {
    const held = image ?? l1.take(key, evicted);
    report.origins.backend += layers.length * geometry.shards;
    report.origins.shared += waits.length * geometry.shards;
    if (held.readable && !held.writing) report.origins.cache += (range.to - range.from) * geometry.shards;
    return { image: held, block, layers, waits };
  });
  reports.evicted('l1', evicted, 'capacity');
  return staged;
}

/** @throws StoreError `not_found` when there is nothing to copy a layer from */
function plan(
  block: HeldBlock | undefined,
  image: HeldBlock | undefined,
  key: BlockKey,
  { from, to }: LayerRange,
) {
  const layers: number[] = [];
  const waits: Fill[] = [];
  for (let layer = from; layer < to; layer++) {
    const state = image?.layers[layer];
    if (state === undefined) layers.push(layer);
    else if (state !== true) waits.push(state);
  }
  if (layers.some((layer) => block?.layers[layer] !== true)) throw blockError(key, 'not_found');
  return { key, image, block: layers.length > 0 ? block : undefined, layers, waits };
}

/** @returns the images that are whole and not on their way to L2, marked as on it */
function copy(
  { l0, l1, storage, geometry, reports }: StoreParts,
  staged: readonly Staged[],
  report: TaskReport,
): HeldBlock[] {
  const stored: BlockKey[] = [];
  const read: BlockKey[] = [];
  const handOff: HeldBlock[] = [];
  for (const { image, block, layers } of staged) {
    if (block !== undefined) {
      const seed = checksumSeed(blockName(image.key));
      for (const part of rangesOf(layers)) sealLayers(geometry, seed, l0.bytes(block), l1.bytes(image), part);
      for (const layer of layers) image.layers[layer] = true;
      report.bytes += layers.length * geometry.layerBytes;
      // By the dump that brings the last layer, in whatever order they come.
      if (image.whole) {
        report.blocks++;
        if (block.readable) read.push(image.key);
      }
    }
    if (l1.settle(image)) stored.push(image.key);
    if (!image.readable || image.writing || storage.holds(image.key)) continue;
    image.writing = true;
    handOff.push(image);
  }
  reports.accessed('l0', read, 'internal');
  reports.stored('l1', stored, 'offloaded');
  return handOff;
}
