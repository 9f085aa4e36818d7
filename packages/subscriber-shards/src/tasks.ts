import {
  requireAmount,
  SHARD_ORIGINS,
  type SubscriberContext,
  type shardMetrics,
  type TaskFinished,
} from '@kvscope/core';

/** Counts tasks, their shards, and the blocks and bytes of those that succeeded. */
export function countTasks(context: SubscriberContext<typeof shardMetrics.metrics>): void {
  const tasks = context.counter('kv_cache.tasks');
  const shards = context.counter('kv_cache.task.shards');
  const blocks = context.counter('kv_cache.task.blocks');
  const io = context.counter('kv_cache.task.io');

  context.on('task.finished', (event) => {
    requireAmounts(event);
    const { source, operation, errorType } = event;
    tasks.at(source, operation, errorType).add(1);
    // Also zeros: a series that starts only with its first shard hides that shard from a rate.
    for (const origin of SHARD_ORIGINS) shards.at(source, operation, origin).add(event.shards[origin]);
    if (errorType !== undefined) return;
    blocks.at(source, operation).add(event.blocks);
    io.at(source, operation).add(event.bytes);
  });
}

function requireAmounts({ shards, blocks, bytes }: TaskFinished): void {
  for (const origin of SHARD_ORIGINS) requireAmount('task.finished: shards', shards[origin]);
  requireAmount('task.finished: blocks', blocks);
  requireAmount('task.finished: bytes', bytes);
}
