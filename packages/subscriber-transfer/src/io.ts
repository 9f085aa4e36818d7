import { intervalMs, requireAmount } from '@kvscope/core';
import { bandwidthOf, hasBandwidth } from './bandwidth.js';
import type { TransferContext } from './context.js';

export function recordIo(context: TransferContext): void {
  const duration = context.histogram('kv_cache.io.duration');
  const bandwidth = context.histogram('kv_cache.io.bandwidth');
  const queue = context.histogram('kv_cache.io.queue.duration');
  const task = context.histogram('kv_cache.io.task.duration');
  const lookup = context.histogram('kv_cache.lookup.duration');

  context.on(
    'io.finished',
    ({ source, tier, direction, submittedTime, startTime, time, bytes, errorType }) => {
      const ms = intervalMs('io.finished', startTime, time);
      const queuedMs =
        submittedTime === undefined ? undefined : intervalMs('io.finished: queue', submittedTime, startTime);
      requireAmount('io.finished: bytes', bytes);

      duration.at(source, tier, direction, errorType).record(ms / 1000);
      if (queuedMs !== undefined) queue.at(source, tier, direction).record(queuedMs / 1000);
      if (errorType === undefined && hasBandwidth(bytes, ms)) {
        bandwidth.at(source, tier, direction).record(bandwidthOf(bytes, ms));
      }
    },
  );
  context.on('io.task.finished', ({ source, tier, direction, startTime, time, errorType }) => {
    const ms = intervalMs('io.task.finished', startTime, time);
    task.at(source, tier, direction, errorType).record(ms / 1000);
  });
  context.on('lookup.finished', ({ source, tier, startTime, time }) => {
    // A producer without times, such as a trace replay, gives 0: its count is still that of the lookups.
    lookup.at(source, tier).record(intervalMs('lookup.finished', startTime, time) / 1000);
  });
}
