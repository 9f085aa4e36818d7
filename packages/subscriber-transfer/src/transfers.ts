import { intervalMs, requireAmount, SeriesTable, type Tier } from '@kvscope/core';
import { bandwidthOf, hasBandwidth } from './bandwidth.js';
import type { TransferContext } from './context.js';

export function recordTransfers(context: TransferContext): void {
  const duration = context.histogram('kv_cache.transfer.duration');
  const size = context.histogram('kv_cache.transfer.size');
  const bandwidth = context.histogram('kv_cache.transfer.bandwidth');
  const io = context.counter('kv_cache.transfer.io');
  const blockCount = context.histogram('kv_cache.transfer.blocks');
  const requestCount = context.histogram('kv_cache.transfer.requests');
  const series = new SeriesTable(2, (source, values) => {
    const [from, to] = values as [Tier, Tier];
    return {
      duration: duration.at(source, from, to, undefined),
      io: io.at(source, from, to),
      size: size.at(source, from, to),
      bandwidth: bandwidth.at(source, from, to),
      blocks: blockCount.at(source, from, to),
    };
  });

  context.on(
    'transfer.finished',
    ({ source, from, to, startTime, time, blocks, bytes, requests, errorType }) => {
      const ms = intervalMs('transfer.finished', startTime, time);
      requireAmount('transfer.finished: blocks', blocks);
      requireAmount('transfer.finished: bytes', bytes);
      if (requests !== undefined) requireAmount('transfer.finished: requests', requests);

      const of = series.at(source, from, to);
      const whole = errorType === undefined ? of.duration : duration.at(source, from, to, errorType);
      whole.record(ms / 1000);
      of.io.add(bytes);
      if (errorType !== undefined) return;
      of.size.record(bytes);
      if (hasBandwidth(bytes, ms)) of.bandwidth.record(bandwidthOf(bytes, ms));
      of.blocks.record(blocks);
      if (requests !== undefined) requestCount.at(source, from, to).record(requests);
    },
  );
}
