import {
  requireAmount,
  SeriesTable,
  type SubscriberContext,
  type shardMetrics,
  type TaskFinished,
  type TaskOperation,
} from '@kvscope/core';

/** Counts tasks, their shards, and the blocks and bytes of those that succeeded. */
export function countTasks(context: SubscriberContext<typeof shardMetrics.metrics>): void {
  const tasks = context.counter('kv_cache.tasks');
  const shards = context.counter('kv_cache.task.shards');
  const blocks = context.counter('kv_cache.task.blocks');
  const io = context.counter('kv_cache.task.io');
  const series = new SeriesTable(1, (source, [value]) => {
    const operation = value as TaskOperation;
    return {
      succeeded: tasks.at(source, operation, undefined),
      cache: shards.at(source, operation, 'cache'),
      backend: shards.at(source, operation, 'backend'),
      shared: shards.at(source, operation, 'shared'),
      skipped: shards.at(source, operation, 'skipped'),
      blocks: blocks.at(source, operation),
      io: io.at(source, operation),
    };
  });

  context.on('task.finished', (event) => {
    requireAmounts(event);
    const { source, operation, errorType } = event;
    const of = series.at(source, operation);
    const { cache, backend, shared, skipped } = event.shards;
    // Also zeros: a series that starts only with its first shard hides that shard from a rate.
    of.cache.add(cache);
    of.backend.add(backend);
    of.shared.add(shared);
    of.skipped.add(skipped);
    if (errorType !== undefined) {
      tasks.at(source, operation, errorType).add(1);
      return;
    }
    of.succeeded.add(1);
    of.blocks.add(event.blocks);
    of.io.add(event.bytes);
  });
}

function requireAmounts({ shards, blocks, bytes }: TaskFinished): void {
  requireAmount('task.finished: shards', shards.cache);
  requireAmount('task.finished: shards', shards.backend);
  requireAmount('task.finished: shards', shards.shared);
  requireAmount('task.finished: shards', shards.skipped);
  requireAmount('task.finished: blocks', blocks);
  requireAmount('task.finished: bytes', bytes);
}
