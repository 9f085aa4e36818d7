import { intervalMs, requireAmount } from '@kvscope/core';
import type { Batch, BatchTable } from './batch-table.js';
import type { LayerwiseContext } from './context.js';
import { positionOf } from './position.js';

/** Records what the compute thread waited for, and adds it to the batch. */
export function recordWaits(context: LayerwiseContext, batches: BatchTable, stallMs: number): void {
  const { clock } = context;
  const wait = context.histogram('kv_cache.layer.wait.duration');
  const waitTasks = context.histogram('kv_cache.layer.wait.tasks');
  const stalls = context.counter('kv_cache.layer.stalls');
  const interval = context.histogram('kv_cache.layer.interval.duration');

  context.on('layer.waited', ({ source, batch: id, operation, first, startTime, time, tasks }) => {
    const ms = intervalMs('layer.waited', startTime, time);
    requireAmount('layer.waited: tasks', tasks);
    const position = positionOf(first);
    wait.at(source, operation, position).record(ms / 1000);
    waitTasks.at(source, operation).record(tasks);
    if (operation === 'load' && ms > stallMs) stalls.at(source, position).add(1);

    const batch = batches.open(source, id, startTime, clock.now());
    if (batch === undefined) return;
    if (operation === 'save') {
      batch.saveWaitEndTime = Math.max(batch.saveWaitEndTime, time);
      return;
    }
    const sinceWait = startTime - batch.loadWaitEndTime;
    // Not after the first wait of a batch, nor between waits that overlap.
    if (sinceWait >= 0 && sinceWait < Number.POSITIVE_INFINITY) interval.at(source).record(sinceWait / 1000);
    addLoadWait(batch, ms, time);
  });
}

function addLoadWait(batch: Batch, ms: number, time: number): void {
  batch.waitedMs += ms;
  batch.loadWaitEndTime = Math.max(batch.loadWaitEndTime, time);
}
