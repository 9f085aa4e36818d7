import {
  accessBy,
  blockState,
  errorType,
  evictionReason,
  failureType,
  ioDirection,
  lookupResult,
  shardOrigin,
  storeCause,
  taskOperation,
  tier,
} from './attributes.js';
import { defineMetrics } from './declaration.js';

/** Never sampled: what was stored, read, evicted, looked up and moved, and what is resident. */
export const shardMetrics = defineMetrics('shards', {
  'kv_cache.stores': {
    instrument: 'counter',
    unit: '{block}',
    description: 'Blocks that became readable in a tier.',
    grain: 'block',
    attributes: [tier, storeCause],
  },
  'kv_cache.accesses': {
    instrument: 'counter',
    unit: '{block}',
    description: 'Blocks read from a tier.',
    grain: 'block',
    attributes: [tier, accessBy],
  },
  'kv_cache.evictions': {
    instrument: 'counter',
    unit: '{block}',
    description: 'Blocks that left a tier, including those of a clear that tells how many.',
    grain: 'block',
    attributes: [tier, evictionReason],
  },
  'kv_cache.lookup.blocks': {
    instrument: 'counter',
    unit: '{block}',
    description:
      'Blocks that a tier was asked for, by whether it held them. A block that one tier misses is asked of the next.',
    grain: 'block asked of a tier',
    attributes: [tier, lookupResult],
  },
  'kv_cache.task.shards': {
    instrument: 'counter',
    unit: '{shard}',
    description:
      'Shards of tasks by where they were found: in the stage itself, in the lower tier, in another task that was moving them already, or left out.',
    grain: 'shard of a task',
    attributes: [taskOperation, shardOrigin],
  },
  'kv_cache.task.blocks': {
    instrument: 'counter',
    unit: '{block}',
    description: 'Blocks of tasks that succeeded.',
    grain: 'block of a successful task',
    attributes: [taskOperation],
  },
  'kv_cache.task.io': {
    instrument: 'counter',
    unit: 'By',
    description: 'Bytes of tasks that succeeded.',
    grain: 'byte of a successful task',
    attributes: [taskOperation],
  },
  'kv_cache.tasks': {
    instrument: 'counter',
    unit: '{task}',
    description: 'Tasks that ended, each once; those that failed carry error.type.',
    grain: 'task',
    attributes: [taskOperation, errorType],
  },
  'kv_cache.io': {
    instrument: 'counter',
    unit: 'By',
    description: 'Bytes read from and written to a tier by io calls that succeeded.',
    grain: 'byte of a successful io call',
    attributes: [tier, ioDirection],
  },
  'kv_cache.io.errors': {
    instrument: 'counter',
    unit: '{error}',
    description: 'Io calls that failed. The only place where the failed write of a dump shows.',
    grain: 'failed io call',
    attributes: [tier, ioDirection, failureType],
  },
  'kv_cache.block.usage': {
    instrument: 'observableUpDownCounter',
    unit: '{block}',
    description: 'Blocks resident in a tier, whether or not something holds them.',
    grain: 'collection',
    attributes: [tier, blockState],
  },
  'kv_cache.block.limit': {
    instrument: 'observableUpDownCounter',
    unit: '{block}',
    description: 'Blocks that a tier can hold; free = limit - sum of usage.',
    grain: 'collection',
    attributes: [tier],
  },
  'kv_cache.block.size': {
    instrument: 'observableGauge',
    unit: 'By',
    description: 'Bytes of one block of a tier.',
    grain: 'collection',
    attributes: [tier],
  },
  'kv_cache.block.tokens': {
    instrument: 'observableGauge',
    unit: '{token}',
    description: 'Prompt tokens that one block of a tier stands for.',
    grain: 'collection',
    attributes: [tier],
  },
});
