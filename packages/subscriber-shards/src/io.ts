import { requireAmount, type SubscriberContext, type shardMetrics } from '@kvscope/core';

/** Counts the bytes of io calls, and the calls that failed. */
export function countIo(context: SubscriberContext<typeof shardMetrics.metrics>): void {
  const io = context.counter('kv_cache.io');
  const errors = context.counter('kv_cache.io.errors');

  context.on('io.finished', ({ source, tier, direction, bytes, errorType }) => {
    requireAmount('io.finished: bytes', bytes);
    if (errorType === undefined) io.at(source, tier, direction).add(bytes);
    else errors.at(source, tier, direction, errorType).add(1);
  });
}
