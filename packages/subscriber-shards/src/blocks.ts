import { requireAmount, requirePart, type SubscriberContext, type shardMetrics } from '@kvscope/core';

/** Counts the blocks that came, were read, went and were asked for. */
export function countBlocks(context: SubscriberContext<typeof shardMetrics.metrics>): void {
  const stores = context.counter('kv_cache.stores');
  const accesses = context.counter('kv_cache.accesses');
  const evictions = context.counter('kv_cache.evictions');
  const lookups = context.counter('kv_cache.lookup.blocks');

  context.on('block.stored', ({ source, tier, cause, keys }) => {
    stores.at(source, tier, cause).add(keys.length);
  });
  context.on('block.accessed', ({ source, tier, by, keys }) => {
    accesses.at(source, tier, by).add(keys.length);
  });
  context.on('block.evicted', ({ source, tier, reason, keys }) => {
    evictions.at(source, tier, reason).add(keys.length);
  });
  context.on('tier.cleared', ({ source, tier, blocks }) => {
    // Without a tier nobody knows which one the blocks were in, and a counter without it would not add up.
    if (tier === undefined || blocks === undefined) return;
    requireAmount('tier.cleared: blocks', blocks);
    evictions.at(source, tier, 'cleared').add(blocks);
  });
  context.on('lookup.finished', ({ source, tier, blocks, hits }) => {
    requireAmount('lookup.finished: blocks', blocks);
    requirePart('lookup.finished: hits', hits, blocks);
    lookups.at(source, tier, 'hit').add(hits);
    lookups.at(source, tier, 'miss').add(blocks - hits);
  });
}
