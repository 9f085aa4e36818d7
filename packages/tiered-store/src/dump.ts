import { dumpStep } from './dump-step.js';
import type { StoreParts } from './store-parts.js';
import { blockError, runTask, stepsOf, type TaskRequest } from './task.js';
import type { TaskReport, TaskSummary } from './task-report.js';

/**
 * Copies layers of blocks from L0 to L1, and hands blocks that are whole there to the write-behind queue. It ends
 * with the hand-off: whether the write succeeded shows in io events only.
 * @throws StoreError with the reason
 */
export async function dump(parts: StoreParts, request: TaskRequest): Promise<TaskSummary> {
  return runTask(parts, 'dump', request, (report) => run(parts, request, report));
}

async function run(parts: StoreParts, { keys, layers }: TaskRequest, report: TaskReport): Promise<void> {
  const shared = [];
  const steps = stepsOf(keys, parts.l1.capacity);
  for (const step of steps) shared.push(...(await dumpStep(parts, step, layers, report)));
  if (steps.length === 0) for (const mark of ['dispatchedTime', 'copiedTime'] as const) report.mark(mark);
  for (const { key, fill } of shared) {
    const failed = await fill;
    if (failed !== undefined) throw blockError(key, failed);
  }
  if (steps.length === 0 || shared.length > 0) report.mark('handedOffTime');
}
