import { type IoDirection, intervalMs, requireAmount, SeriesTable, type Tier } from '@kvscope/core';
import { bandwidthOf, hasBandwidth } from './bandwidth.js';
import type { TransferContext } from './context.js';

export function recordIo(context: TransferContext): void {
  const duration = context.histogram('kv_cache.io.duration');
  const bandwidth = context.histogram('kv_cache.io.bandwidth');
  const queue = context.histogram('kv_cache.io.queue.duration');
  const task = context.histogram('kv_cache.io.task.duration');
  const lookup = context.histogram('kv_cache.lookup.duration');
  const series = new SeriesTable(2, (source, values) => {
    const [tier, direction] = values as [Tier, IoDirection];
    return {
      duration: duration.at(source, tier, direction, undefined),
      bandwidth: bandwidth.at(source, tier, direction),
      queue: queue.at(source, tier, direction),
    };
  });

  context.on(
    'io.finished',
    ({ source, tier, direction, submittedTime, startTime, time, bytes, errorType }) => {
      const ms = intervalMs('io.finished', startTime, time);
      const queuedMs =
        submittedTime === undefined ? undefined : intervalMs('io.finished: queue', submittedTime, startTime);
      requireAmount('io.finished: bytes', bytes);

      const of = series.at(source, tier, direction);
      const whole = errorType === undefined ? of.duration : duration.at(source, tier, direction, errorType);
      whole.record(ms / 1000);
      if (queuedMs !== undefined) of.queue.record(queuedMs / 1000);
      if (errorType === undefined && hasBandwidth(bytes, ms)) of.bandwidth.record(bandwidthOf(bytes, ms));
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
