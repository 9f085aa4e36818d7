import { requireAmount, type SubscriberContext, type shardMetrics, type TierOccupancy } from '@kvscope/core';

/** Asks each source what it holds, while metrics are collected; a source that fails does not hide the others. */
export function observeOccupancy(context: SubscriberContext<typeof shardMetrics.metrics>): void {
  context.observe(
    ['kv_cache.block.usage', 'kv_cache.block.limit', 'kv_cache.block.size', 'kv_cache.block.tokens'],
    (report) => {
      for (const source of context.sources) {
        try {
          for (const held of source.occupancy?.().tiers ?? []) {
            requireCounts(held);
            report('kv_cache.block.usage', held.evictable, source, held.tier, 'evictable');
            report('kv_cache.block.usage', held.pinned, source, held.tier, 'pinned');
            report('kv_cache.block.usage', held.unknown, source, held.tier, 'unknown');
            if (held.capacity !== undefined) report('kv_cache.block.limit', held.capacity, source, held.tier);
            if (held.blockBytes !== undefined)
              report('kv_cache.block.size', held.blockBytes, source, held.tier);
            if (held.blockTokens !== undefined)
              report('kv_cache.block.tokens', held.blockTokens, source, held.tier);
          }
        } catch (error) {
          context.fail(error);
        }
      }
    },
  );
}

const COUNTS = ['evictable', 'pinned', 'unknown'] as const;
const OPTIONAL = ['capacity', 'blockBytes', 'blockTokens'] as const;

function requireCounts(held: TierOccupancy): void {
  for (const field of COUNTS) requireAmount(`occupancy: ${field}`, held[field]);
  for (const field of OPTIONAL) {
    const amount = held[field];
    if (amount !== undefined) requireAmount(`occupancy: ${field}`, amount);
  }
}
