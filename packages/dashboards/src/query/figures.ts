import {
  complement,
  divide,
  level,
  mean,
  over,
  plus,
  type Query,
  quantile,
  rate,
  ratio,
  total,
  weighted,
} from './query.js';

/** Figures that panels, rules, playbooks and recipes all speak of, each written once. */

const TIER = 'kv_cache.tier';
const OPERATION = 'kv_cache.operation.name';
const POSITION = 'kv_cache.layer.position';
const HIT = { 'kv_cache.lookup.result': 'hit' };

/** Blocks that a tier held, over the blocks it was asked for. */
export const hitRatio = ratio(
  rate('kv_cache.lookup.blocks', { where: HIT, by: [TIER] }),
  rate('kv_cache.lookup.blocks', { by: [TIER] }),
);

/** Blocks that any tier held, over the blocks asked of the first tier, which is asked for all of them. */
export const overallHitRatio = ratio(
  rate('kv_cache.lookup.blocks', { where: HIT }),
  over('max', rate('kv_cache.lookup.blocks', { by: [TIER] })),
);

/** Shards of loads that had to come from the lower tier. */
export const backendLoadRatio = ratio(
  rate('kv_cache.task.shards', { where: { [OPERATION]: 'load', 'kv_cache.shard.origin': 'backend' } }),
  rate('kv_cache.task.shards', { where: { [OPERATION]: 'load' } }),
);

const loadWaits = { where: { [OPERATION]: 'load' }, part: 'sum' } as const;
/** Share of the load time of layers that compute hid. */
export const overlap = complement(
  ratio(
    rate('kv_cache.layer.wait.duration', loadWaits),
    rate('kv_cache.layer.load.duration', { part: 'sum' }),
  ),
);
/** The same without the first layer, which has nothing to hide behind. */
export const overlapOfRest = complement(
  ratio(
    rate('kv_cache.layer.wait.duration', { where: { [OPERATION]: 'load', [POSITION]: 'rest' }, part: 'sum' }),
    rate('kv_cache.layer.load.duration', { where: { [POSITION]: 'rest' }, part: 'sum' }),
  ),
);

/** Evicted blocks that nobody had read while they were there. */
export const neverReused = ratio(
  rate('kv_cache.block.reuses', { by: [TIER], upTo: 0 }),
  rate('kv_cache.block.reuses', { by: [TIER] }),
);

const wantedAgainRate = rate('kv_cache.block.evict_reuse_gap', { by: [TIER] });
const notWantedAgainRate = rate('kv_cache.block.evict_reuse_misses', { by: [TIER] });
/** Blocks evicted for room or age of which it is known whether they were wanted again, a second. */
const evictedAndWaitedFor = plus(wantedAgainRate, notWantedAgainRate);
/** Blocks evicted for room or age that were stored again within the window. */
export const wantedAgain = ratio(wantedAgainRate, evictedAndWaitedFor);
const reuseGaps = (part: 'sum' | 'count') => rate('kv_cache.block.reuse_gap', { by: [TIER], part });
const evictReuseGaps = (part: 'sum' | 'count') =>
  rate('kv_cache.block.evict_reuse_gap', { by: [TIER], part });
/** Blocks evicted for room or age, a second. */
export const evictedForRoom = rate('kv_cache.block.lifetime', {
  by: [TIER],
  where: { 'kv_cache.eviction.reason': ['capacity', 'expired'] },
});
/**
 * Blocks that came back within the window, for each that is evicted. Of a short time it says more than the share that
 * is wanted again, in which a block counts as not wanted only when the whole window has passed.
 */
export const cameBack = ratio(evictReuseGaps('count'), evictedForRoom);
/** Uses of a block that came after its eviction, of all uses after the first. */
export const usedTooLate = ratio(evictReuseGaps('count'), plus(evictReuseGaps('count'), reuseGaps('count')));
const idleTime = mean('kv_cache.block.idle_time', { by: [TIER] });
/**
 * Idle time of blocks at their eviction, over the time between two uses. Between those of a block that was evicted lie
 * its idle time and its evict-reuse gap: without them, no gap would be longer than blocks are left alone.
 */
export const idleOverReuse = divide(
  idleTime,
  divide(
    plus(plus(reuseGaps('sum'), evictReuseGaps('sum')), weighted(evictReuseGaps('count'), idleTime)),
    plus(reuseGaps('count'), evictReuseGaps('count')),
  ),
);
/** And those that were not. */
export const notWantedAgain = ratio(notWantedAgainRate, evictedAndWaitedFor);

/** Blocks resident in a tier, over those it can hold. */
export const occupancy = ratio(
  total('kv_cache.block.usage', { by: [TIER] }),
  total('kv_cache.block.limit', { by: [TIER] }),
);

/** Prompt tokens whose keys and values came from the cache, a second: hits, each block with the tokens of its own tier. */
export const tokensSaved = weighted(
  rate('kv_cache.lookup.blocks', { where: HIT, by: [TIER] }),
  level('kv_cache.block.tokens', { of: 'max', by: [TIER] }),
);

/** Bytes resident in a tier. */
export const residentBytes = weighted(
  total('kv_cache.block.usage', { by: [TIER] }),
  level('kv_cache.block.size', { of: 'max', by: [TIER] }),
);

const PAIR = ['kv_cache.source_tier', 'kv_cache.destination_tier'];
/** Bytes a second while a transfer between two tiers is under way, over all of them. */
export const transferMeanRate = divide(
  rate('kv_cache.transfer.io', { by: PAIR }),
  rate('kv_cache.transfer.duration', { by: PAIR, part: 'sum' }),
);

const DIRECTION = 'kv_cache.io.direction';
/** Seconds that io calls waited for a worker, for each second that workers worked. Above 1 more waits than is worked on. */
export const ioQueueing = divide(
  rate('kv_cache.io.queue.duration', { by: [TIER, DIRECTION], part: 'sum' }),
  rate('kv_cache.io.duration', { by: [TIER, DIRECTION], part: 'sum' }),
);

/** Io calls under way at a time: the seconds they took, for each second that passed. */
export const ioUnderWay = rate('kv_cache.io.duration', { by: [TIER, DIRECTION], part: 'sum' });
/** Bytes a second of one io call while it runs. */
export const ioMeanRate = divide(
  rate('kv_cache.io', { by: [TIER, DIRECTION] }),
  rate('kv_cache.io.duration', { by: [TIER, DIRECTION], part: 'sum' }),
);

const load = { where: { [OPERATION]: 'load' } };
const dump = { where: { [OPERATION]: 'dump' } };
const writes = { where: { [DIRECTION]: 'write' } };
/** Mean wait of a shard for the lower tier, for each second that a load copies. */
export const shardWaitOverCopy = divide(
  mean('kv_cache.shard.wait.duration'),
  mean('kv_cache.task.copy.duration', load),
);
/** Share of the time of loads in which they wait for the lower tier. */
export const waitOfLoad = ratio(
  rate('kv_cache.task.wait.duration', { ...load, part: 'sum' }),
  rate('kv_cache.task.duration', { ...load, part: 'sum' }),
);
/** Mean time of a dump, for each second that a task of the lower tier writes: near 1 dumps go at the pace of the disk. */
export const dumpOverWrite = divide(
  mean('kv_cache.task.duration', dump),
  mean('kv_cache.io.task.duration', writes),
);
/** Share of the time of dumps in which they wait for room: for buffers, or for the queue of writes to take them over. */
export const roomOfDump = ratio(
  plus(
    rate('kv_cache.task.dispatch.duration', { ...dump, part: 'sum' }),
    rate('kv_cache.task.handoff.duration', { ...dump, part: 'sum' }),
  ),
  rate('kv_cache.task.duration', { ...dump, part: 'sum' }),
);
/** Bytes that the lower tier wrote, for each byte that was dumped: below 1 the rest waits in host memory. */
export const writtenOfDumped = divide(rate('kv_cache.io', writes), rate('kv_cache.task.io', dump));

/** Seconds of transfers from device to host memory, for each second that passes. */
export const dumpingTime = rate('kv_cache.transfer.duration', {
  where: { 'kv_cache.source_tier': 'l0', 'kv_cache.destination_tier': 'l1' },
  part: 'sum',
});

const restWaits = { where: { [OPERATION]: 'load', [POSITION]: 'rest' } };
/** Mean wait for a layer after the first. */
export const restWait = mean('kv_cache.layer.wait.duration', restWaits);
/** The same, for each second of compute between two waits. */
export const restWaitOverInterval = divide(restWait, mean('kv_cache.layer.interval.duration'));

/** A quantile of one stage. The sum over the stages is more than that of the task: read how it changes. */
export function stageQuantile(q: number, stage: string, operation: 'load' | 'dump'): Query {
  return quantile(q, `kv_cache.task.${stage}.duration`, { where: { [OPERATION]: operation } });
}
