import type { BlockKey } from '@kvscope/core';
import { loadStep } from './load-step.js';
import { claimTargets, type LoadTarget } from './load-target.js';
import { errorTypeOf } from './store-error.js';
import type { StoreParts } from './store-parts.js';
import { blockError, runTask, stepsOf, type TaskRequest } from './task.js';
import type { TaskReport, TaskSummary } from './task-report.js';

/**
 * Loads layers of blocks into L0. The blocks are pinned once more when it succeeds, and not at all when it fails.
 * @throws StoreError with the reason; blocks that had arrived by then stay as evictable ones
 */
export async function load(parts: StoreParts, request: TaskRequest): Promise<TaskSummary> {
  return runTask(parts, 'load', request, (report) => run(parts, request, report));
}

async function run(parts: StoreParts, request: TaskRequest, report: TaskReport): Promise<void> {
  const { l0, l1, reports, geometry } = parts;
  const evicted: BlockKey[] = [];
  const targets = claimTargets(l0, request.keys, request.layers, evicted);
  reports.evicted('l0', evicted, 'capacity');
  try {
    const own = targets.filter(({ layers }) => layers.length > 0);
    for (const step of stepsOf(own, l1.capacity)) {
      const failed = await loadStep(parts, step, report);
      if (failed !== undefined) throw blockError(failed.key, failed.errorType);
    }
    if (own.length === 0) report.mark('dispatchedTime');
    await waitForOthers(parts, targets, report);
    // Copies of this load come before the arrival of what it shares, if it shares any: the copy stage is then short.
    if (own.length === 0 || targets.some(({ shared }) => shared.length > 0)) report.mark('readyTime');
    report.mark('copiedTime');
  } catch (error) {
    for (const { settle } of targets) settle(errorTypeOf(error));
    const left = targets.filter(({ block }) => l0.unpin(block));
    reports.released('l0', keysOf(left));
    throw error;
  }
  // Once of those that a batch asks for layer by layer: with the last layer.
  if (request.layers.to < geometry.layers) return;
  const present = targets.filter(({ block, layers }) => layers.length === 0 && block.readable);
  reports.accessed('l0', keysOf(present), 'request');
}

/**
 * Only after its own blocks have landed and hold no slot of L1 any more: two loads that waited for each other with
 * slots in hand might never get the rest.
 */
async function waitForOthers(parts: StoreParts, targets: readonly LoadTarget[], report: TaskReport) {
  for (const { block, shared } of targets) {
    if (shared.length === 0) continue;
    report.origins.shared += shared.length * parts.geometry.shards;
    const failed = (await Promise.all(shared)).find((errorType) => errorType !== undefined);
    parts.reports.shardsWaited(shared.length * parts.geometry.shards, report.dispatchedTime);
    if (failed !== undefined) throw blockError(block.key, failed);
  }
}

function keysOf(targets: readonly LoadTarget[]): BlockKey[] {
  return targets.map(({ block }) => block.key);
}
