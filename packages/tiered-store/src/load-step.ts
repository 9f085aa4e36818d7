import type { BlockKey, ErrorType } from '@kvscope/core';
import { checksumSeed, unsealLayers } from './block-image.js';
import { blockName } from './block-name.js';
import { pause } from './delays.js';
import type { LayerRange } from './geometry.js';
import type { Fill, HeldBlock } from './held-block.js';
import { IoTask } from './io-task.js';
import type { LoadTarget } from './load-target.js';
import type { StorageTier, StoredBlock } from './storage-tier.js';
import type { StoreParts } from './store-parts.js';
import { rangesOf } from './task.js';
import type { TaskReport } from './task-report.js';

/** One block of a step, with what of it is in L1 and what comes from L2. */
interface Staged {
  readonly target: LoadTarget;
  readonly image: HeldBlock;
  readonly stored: StoredBlock | undefined;
  readonly reads: readonly LayerRange[];
  readonly waits: Fill[];
}

/**
 * Brings some blocks of a load from L2 to L1 and from there to L0: what one grant of L1 slots is good for.
 * @returns the first block that failed, and why
 */
export async function loadStep(
  parts: StoreParts,
  targets: readonly LoadTarget[],
  report: TaskReport,
): Promise<{ key: BlockKey; errorType: ErrorType } | undefined> {
  const staged = await parts.room.take(
    () => slotsNeeded(parts, targets),
    () => stage(parts, targets, report),
  );
  submitReads(parts, staged, report);
  const failures = new Map<LoadTarget, ErrorType>();
  for (const { target, waits } of staged) {
    for (const errorType of await Promise.all(waits)) {
      if (errorType !== undefined && !failures.has(target)) failures.set(target, errorType);
    }
  }
  if (failures.size === 0 && staged.length === targets.length) report.mark('readyTime');
  if (parts.delays.copyMs > 0) await pause(parts.delays.copyMs);
  land(parts, staged, failures, report);
  const missing = targets.find((target) => !staged.some((block) => block.target === target));
  if (missing !== undefined) return { key: missing.block.key, errorType: 'not_found' };
  for (const [{ block }, errorType] of failures) return { key: block.key, errorType };
  return undefined;
}

/** An image that nothing pins counts as room, so pinning it uses a slot up like taking one. */
function slotsNeeded({ l1 }: StoreParts, targets: readonly LoadTarget[]): number {
  let needed = 0;
  for (const { block } of targets) if ((l1.find(block.key)?.pins ?? 0) === 0) needed++;
  return needed;
}

/** Gives each block that some lower tier has its image in L1, and finds out what of it has to be read. */
function stage(
  { l1, storage, geometry, reports }: StoreParts,
  targets: readonly LoadTarget[],
  report: TaskReport,
) {
  const evicted: BlockKey[] = [];
  const found = targets.map(({ block }) => l1.find(block.key));
  for (const image of found) if (image !== undefined) l1.pin(image);
  const staged: Staged[] = [];
  for (const [i, target] of targets.entries()) {
    const { key } = target.block;
    const absent = target.layers.filter((layer) => found[i]?.layers[layer] === undefined);
    const stored = absent.length > 0 ? storage.pin(key) : undefined;
    if (absent.length > 0 && stored === undefined) {
      if (found[i] !== undefined) l1.unpin(found[i]);
      continue;
    }
    const image = found[i] ?? l1.take(key, evicted);
    const block: Staged = { target, image, stored, reads: rangesOf(absent), waits: [] };
    for (const layer of target.layers) {
      const state = image.layers[layer];
      if (state === true) report.origins.cache += geometry.shards;
      else if (state === undefined) report.origins.backend += geometry.shards;
      else {
        report.origins.shared += geometry.shards;
        block.waits.push(state);
      }
    }
    staged.push(block);
  }
  reports.evicted('l1', evicted, 'capacity');
  return staged;
}

function submitReads(
  { reports, io, l1, storage, geometry }: StoreParts,
  staged: Staged[],
  report: TaskReport,
) {
  const calls = staged.reduce((sum, { reads }) => sum + reads.length, 0);
  const task = new IoTask(reports, 'read', calls);
  const wait = { startTime: 0 };
  const shared: Fill[] = [];
  for (const { image, stored, reads, waits } of staged) {
    shared.push(...waits);
    const seed = reads.length > 0 ? checksumSeed(blockName(image.key)) : 0;
    for (const range of reads) {
      const fill = io.read(image.key, seed, l1.bytes(image), range, wait).then((errorType) => {
        for (let layer = range.from; layer < range.to; layer++) {
          image.layers[layer] = errorType === undefined ? true : undefined;
        }
        dropIfLost(storage, stored, errorType);
        task.done(errorType);
        return errorType;
      });
      image.layers.fill(fill, range.from, range.to);
      waits.push(fill);
    }
  }
  wait.startTime = report.mark('dispatchedTime');
  for (const fill of shared) void fill.then(() => reports.shardsWaited(geometry.shards, wait.startTime));
}

/** A file that vanished or is damaged is a miss from now on. */
function dropIfLost(storage: StorageTier, stored: StoredBlock | undefined, errorType: ErrorType | undefined) {
  if (stored !== undefined && (errorType === 'corrupt' || errorType === 'not_found')) storage.lose(stored);
}

/** Everything that has arrived in L1 is copied to L0; what this step has pinned in the lower tiers is let go. */
function land(
  { l0, l1, storage, geometry, reports }: StoreParts,
  staged: readonly Staged[],
  failures: ReadonlyMap<LoadTarget, ErrorType>,
  report: TaskReport,
): void {
  const arrived = staged.filter(({ target }) => !failures.has(target));
  const keysOf = (blocks: readonly Staged[]) => blocks.map(({ image }) => image.key);
  reports.stored('l1', keysOf(staged.filter(({ image }) => l1.settle(image))), 'onboarded');
  for (const { target, image } of arrived) {
    const [from, to] = [l1.bytes(image), l0.bytes(target.block)];
    for (const range of rangesOf(target.layers)) unsealLayers(geometry, from, to, range);
    report.bytes += target.layers.length * geometry.layerBytes;
    target.settle(undefined);
  }
  // A block is read once, however many loads its layers come in: by the one that brings the last of them.
  const complete = arrived.filter(({ target }) => target.block.whole);
  report.blocks += complete.length;
  const fromFiles = complete.filter(({ reads }) => reads.length > 0);
  if (fromFiles.length > 0) storage.report(() => reports.accessed('l2', keysOf(fromFiles), 'request'));
  const fromHost = complete.filter(({ image, reads }) => reads.length === 0 && image.readable);
  reports.accessed('l1', keysOf(fromHost), 'request');
  reports.stored('l0', keysOf(arrived.filter(({ target }) => l0.settle(target.block))), 'onboarded');
  for (const { image, stored } of staged) {
    if (stored !== undefined) storage.unpin(stored);
    l1.unpin(image);
  }
}
