import type { BlockKey, ErrorType, TaskOperation } from '@kvscope/core';
import { pause } from './delays.js';
import type { LayerRange } from './geometry.js';
import type { Slots } from './slots.js';
import { StoreError, storeError } from './store-error.js';
import type { StoreParts } from './store-parts.js';
import { TaskReport, type TaskSummary } from './task-report.js';

export interface TaskRequest {
  /** Distinct keys. */
  readonly keys: readonly BlockKey[];
  readonly layers: LayerRange;
  /** Where it takes its turn. */
  readonly queue: Slots;
  /** Requests served by it, for the transfer's event. */
  readonly requests?: number | undefined;
}

/**
 * Runs a task in its turn, and reports it however it ends.
 * @throws StoreError with the reason
 */
export async function runTask(
  parts: StoreParts,
  operation: TaskOperation,
  request: TaskRequest,
  work: (report: TaskReport) => Promise<void>,
): Promise<TaskSummary> {
  const { keys, layers, queue, requests } = request;
  const shards = keys.length * (layers.to - layers.from) * parts.geometry.shards;
  const report = new TaskReport(parts.reports, { operation, shards, requests });
  try {
    await queue.acquire();
  } catch (error) {
    throw fail(report, operation, error);
  }
  parts.active[operation]++;
  try {
    const { queueMs, queueEvery } = parts.delays;
    if (++parts.begun.tasks % queueEvery === 0 && queueMs > 0) await pause(queueMs);
    report.mark('pickedUpTime');
    await work(report);
    return report.finish();
  } catch (error) {
    throw fail(report, operation, error);
  } finally {
    parts.active[operation]--;
    queue.release();
  }
}

function fail(report: TaskReport, operation: TaskOperation, error: unknown): StoreError {
  const failure = storeError(operation, error);
  report.finish(failure.errorType);
  return failure;
}

/** Keys in as many steps as L1 needs to hold each at once: one, unless there are more of them than it has slots. */
export function stepsOf<T>(members: readonly T[], capacity: number): T[][] {
  const size = members.length <= capacity ? capacity : Math.max(1, capacity >> 1);
  const steps: T[][] = [];
  for (let i = 0; i < members.length; i += size) steps.push(members.slice(i, i + size));
  return steps;
}

/** Layer numbers in ascending order, as ranges of consecutive ones. */
export function rangesOf(layers: readonly number[]): LayerRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const layer of layers) {
    const last = ranges.at(-1);
    if (last?.to === layer) last.to++;
    else ranges.push({ from: layer, to: layer + 1 });
  }
  return ranges;
}

const EXPLANATIONS: Partial<Readonly<Record<ErrorType, string>>> = {
  not_found: 'is in no tier, or its file vanished',
  corrupt: 'had other content in its file than was written, and was dropped',
  io_error: 'could not be read',
};

/** Why one block made a task fail. */
export function blockError(key: BlockKey, errorType: ErrorType): StoreError {
  return new StoreError(
    errorType,
    `block ${String(key)} ${EXPLANATIONS[errorType] ?? `failed: ${errorType}`}`,
  );
}
