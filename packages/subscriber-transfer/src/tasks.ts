import { intervalMs, requireAmount, SeriesTable, type TaskFinished, type TaskOperation } from '@kvscope/core';
import { bandwidthOf, hasBandwidth } from './bandwidth.js';
import type { TransferContext } from './context.js';

export function recordTasks(context: TransferContext): void {
  const duration = context.histogram('kv_cache.task.duration');
  const shardWait = context.histogram('kv_cache.shard.wait.duration');
  const series = taskSeries(context);

  context.on('task.finished', (event) => {
    requireOrder(event);
    const { source, operation, submittedTime, time, bytes, errorType } = event;
    requireAmount('task.finished: bytes', bytes);
    const of = series.at(source, operation);
    const ms = time - submittedTime;
    if (errorType !== undefined) duration.at(source, operation, errorType).record(ms / 1000);
    else {
      of.duration.record(ms / 1000);
      if (hasBandwidth(bytes, ms)) of.bandwidth.record(bandwidthOf(bytes, ms));
    }
    recordStages(of, event);
  });
  context.on('shard.waited', ({ source, startTime, time }) => {
    shardWait.at(source).record(intervalMs('shard.waited', startTime, time) / 1000);
  });
}

type TaskSeries = ReturnType<ReturnType<typeof taskSeries>['at']>;

/** What is recorded of a task, by source and operation. */
function taskSeries(context: TransferContext) {
  const duration = context.histogram('kv_cache.task.duration');
  const bandwidth = context.histogram('kv_cache.task.bandwidth');
  const queue = context.histogram('kv_cache.task.queue.duration');
  const dispatch = context.histogram('kv_cache.task.dispatch.duration');
  const wait = context.histogram('kv_cache.task.wait.duration');
  const copy = context.histogram('kv_cache.task.copy.duration');
  const handoff = context.histogram('kv_cache.task.handoff.duration');
  return new SeriesTable(1, (source, [value]) => {
    const operation = value as TaskOperation;
    return {
      duration: duration.at(source, operation, undefined),
      bandwidth: bandwidth.at(source, operation),
      queue: queue.at(source, operation),
      dispatch: dispatch.at(source, operation),
      wait: wait.at(source, 'load'),
      copy: copy.at(source, operation),
      handoff: handoff.at(source, 'dump'),
    };
  });
}

/** A stage is recorded where both its marks exist, also of a task that failed later. */
function recordStages(of: TaskSeries, event: TaskFinished): void {
  const { operation, submittedTime, pickedUpTime, dispatchedTime, readyTime, copiedTime } = event;
  const { handedOffTime } = event;
  const load = operation === 'load';
  if (pickedUpTime !== undefined) {
    of.queue.record((pickedUpTime - submittedTime) / 1000);
    if (dispatchedTime !== undefined) of.dispatch.record((dispatchedTime - pickedUpTime) / 1000);
  }
  if (load && dispatchedTime !== undefined && readyTime !== undefined) {
    of.wait.record((readyTime - dispatchedTime) / 1000);
  }
  if (copiedTime === undefined) return;
  const copyStartTime = load ? readyTime : dispatchedTime;
  if (copyStartTime !== undefined) of.copy.record((copiedTime - copyStartTime) / 1000);
  if (!load && handedOffTime !== undefined) of.handoff.record((handedOffTime - copiedTime) / 1000);
}

/**
 * A task's stages add up to its duration only when its marks ascend.
 * @throws RangeError when one is before the mark that precedes it, or not finite
 */
function requireOrder(event: TaskFinished): void {
  let reached = event.submittedTime;
  reached = mark('task.finished: pickedUpTime', reached, event.pickedUpTime);
  reached = mark('task.finished: dispatchedTime', reached, event.dispatchedTime);
  reached = mark('task.finished: readyTime', reached, event.readyTime);
  reached = mark('task.finished: copiedTime', reached, event.copiedTime);
  reached = mark('task.finished: handedOffTime', reached, event.handedOffTime);
  mark('task.finished: time', reached, event.time);
}

function mark(field: string, previousTime: number, time: number | undefined): number {
  if (time === undefined) return previousTime;
  intervalMs(field, previousTime, time);
  return time;
}
