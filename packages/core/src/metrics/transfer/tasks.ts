import { dumpOperation, errorType, loadOperation, taskOperation } from '../attributes.js';
import { BANDWIDTH, LATENCY } from '../boundaries.js';
import type { MetricSet } from '../declaration.js';

/** Tasks through a store stage. The stages of a successful task add up to its duration. */
export const taskStages = {
  'kv_cache.task.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the submit of a task to its end. A dump ends when the lower tier has taken it over, not when it is written.',
    grain: 'task',
    attributes: [taskOperation, errorType],
    boundaries: LATENCY,
  },
  'kv_cache.task.bandwidth': {
    instrument: 'histogram',
    unit: 'By/s',
    description: 'Bytes per second of one successful task that moved something, from its submit to its end.',
    grain: 'successful task of at least 1 us',
    attributes: [taskOperation],
    boundaries: BANDWIDTH,
  },
  'kv_cache.task.queue.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time from the submit of a task until a worker took it.',
    grain: 'task that was picked up',
    attributes: [taskOperation],
    boundaries: LATENCY,
  },
  'kv_cache.task.dispatch.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time a worker took to get the buffers of a task and to submit its work: to the lower tier for a load, to the copy engine for a dump.',
    grain: 'task that was dispatched',
    attributes: [taskOperation],
    boundaries: LATENCY,
  },
  'kv_cache.task.wait.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the dispatch of a load until its last shard was in the stage: the wait for the lower tier.',
    grain: 'load whose shards became ready',
    attributes: [loadOperation],
    boundaries: LATENCY,
  },
  'kv_cache.task.copy.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time to copy the bytes of a task: of a load from the moment they were ready, of a dump from its dispatch.',
    grain: 'task that was copied',
    attributes: [taskOperation],
    boundaries: LATENCY,
  },
  'kv_cache.task.handoff.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time until the lower tier had taken over the copied bytes of a dump. Not the time of the write.',
    grain: 'dump that was handed off',
    attributes: [dumpOperation],
    boundaries: LATENCY,
  },
  'kv_cache.shard.wait.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time one shard of a load waited for the lower tier. Shards wait side by side: the sum is no elapsed time.',
    grain: 'shard',
    attributes: [],
    boundaries: LATENCY,
  },
} as const satisfies MetricSet;
