import { intervalMs, requireAmount } from '@kvscope/core';
import { bandwidthOf, hasBandwidth } from './bandwidth.js';
import type { TransferContext } from './context.js';

export function recordTransfers(context: TransferContext): void {
  const duration = context.histogram('kv_cache.transfer.duration');
  const size = context.histogram('kv_cache.transfer.size');
  const bandwidth = context.histogram('kv_cache.transfer.bandwidth');
  const io = context.counter('kv_cache.transfer.io');
  const blockCount = context.histogram('kv_cache.transfer.blocks');
  const requestCount = context.histogram('kv_cache.transfer.requests');

  context.on(
    'transfer.finished',
    ({ source, from, to, startTime, time, blocks, bytes, requests, errorType }) => {
      const ms = intervalMs('transfer.finished', startTime, time);
      requireAmount('transfer.finished: blocks', blocks);
      requireAmount('transfer.finished: bytes', bytes);
      if (requests !== undefined) requireAmount('transfer.finished: requests', requests);

      duration.at(source, from, to, errorType).record(ms / 1000);
      io.at(source, from, to).add(bytes);
      if (errorType !== undefined) return;
      size.at(source, from, to).record(bytes);
      if (hasBandwidth(bytes, ms)) bandwidth.at(source, from, to).record(bandwidthOf(bytes, ms));
      blockCount.at(source, from, to).record(blocks);
      if (requests !== undefined) requestCount.at(source, from, to).record(requests);
    },
  );
}
