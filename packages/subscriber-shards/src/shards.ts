import { requireFields, type Subscriber, shardMetrics } from '@kvscope/core';
import { countBlocks } from './blocks.js';
import { countIo } from './io.js';
import { observeOccupancy } from './occupancy.js';
import { countTasks } from './tasks.js';

/** Counts what was stored, read, evicted, looked up and moved, and shows what is resident. Never sampled. */
export const shards: Subscriber<typeof shardMetrics.metrics, Readonly<Record<string, never>>> = {
  name: 'shards',
  family: shardMetrics,
  validate: (options) => requireFields('shards', options ?? {}, []),
  start(context) {
    countBlocks(context);
    countTasks(context);
    countIo(context);
    observeOccupancy(context);
  },
};
