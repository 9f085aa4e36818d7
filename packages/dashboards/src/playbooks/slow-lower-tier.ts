import { shardWaitOverCopy, waitOfLoad } from '../query/figures.js';
import { divide, mean, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const LOAD = { where: { 'kv_cache.operation.name': 'load' } };

const READ = { where: { 'kv_cache.io.direction': 'read' } };
const readsUnderWay = rate('kv_cache.io.duration', { ...READ, part: 'sum' });
const readQueueing = divide(rate('kv_cache.io.queue.duration', { ...READ, part: 'sum' }), readsUnderWay);

export const slowLowerTier: Playbook = {
  id: 'slow-lower-tier',
  title: 'Slow lower tier',
  symptom: 'Loads wait for storage while it delivers less than the device can.',
  dashboard: 'store',
  observed: [
    { what: 'loads', query: rate('kv_cache.task.duration', LOAD), least: 20 },
    { what: 'shards that waited for the lower tier', query: rate('kv_cache.shard.wait.duration'), least: 20 },
  ],
  signature: [
    {
      figure: 'the mean wait of a shard over the mean copy of a load',
      query: shardWaitOverCopy,
      is: 'above',
      bound: 1,
      unit: 'ratio',
    },
    {
      figure: 'the share of the time of loads in which they wait for the lower tier',
      query: waitOfLoad,
      is: 'above',
      bound: 0.5,
      unit: 'ratio',
    },
    // A wait that nobody notices is longer than a copy that takes next to no time.
    {
      figure: 'the mean wait of a shard',
      query: mean('kv_cache.shard.wait.duration'),
      is: 'above',
      bound: 0.02,
      unit: 's',
    },
  ],
  explainedBy: ['first-token-regression'],
  findings: [
    {
      when: 'bandwidth is low aggregated and per io, and calls are under way all the time',
      conditions: [
        { figure: 'read calls under way', query: readsUnderWay, is: 'above', bound: 0.5, unit: 'ratio' },
        {
          figure: 'the mean read call',
          query: mean('kv_cache.io.duration', READ),
          is: 'above',
          bound: 0.01,
          unit: 's',
        },
      ],
      answer:
        'each call is slow. Larger calls (more of a block in one file or read), direct io for blocks that are read once, another file system or mount option.',
    },
    {
      when: 'bandwidth is low aggregated, high per io, and nothing queues',
      conditions: [
        { figure: 'read calls under way', query: readsUnderWay, is: 'below', bound: 0.5, unit: 'ratio' },
        { figure: 'read queueing over reading', query: readQueueing, is: 'below', bound: 0.1, unit: 'ratio' },
      ],
      answer:
        'the workers are idle: storage is fast and is not fed. Look above it, at the queue and dispatch of tasks, and submit reads earlier.',
    },
    {
      when: 'bandwidth is low aggregated, high per io, and calls queue',
      conditions: [
        { figure: 'read queueing over reading', query: readQueueing, is: 'above', bound: 1, unit: 'ratio' },
      ],
      answer: 'too few calls run at a time. More io workers; on Node.js `UV_THREADPOOL_SIZE` is the ceiling.',
    },
    // No metric knows the limit of a device.
    {
      when: 'aggregated bandwidth is near the limit of the device, and calls queue',
      conditions: [],
      answer:
        'bursts are larger than the device. Spread them, put more in L1, or add devices. No metric here knows the limit of the device: measure it once with a disk benchmark.',
    },
    {
      when: 'aggregated bandwidth is near the limit of the device, and nothing queues',
      conditions: [],
      answer:
        'storage does what it can and keeps up. What is slow is upstream: ask why so much has to come from it.',
    },
  ],
  causes: [
    'Calls that are small, or go through a page cache that does not help.',
    'Too few io workers, or none of them fed.',
    'A device at its limit.',
  ],
  changes: [
    'Compare the two bandwidth panels, per io and aggregated, with the io queue: the table above follows from them.',
    'Change concurrency first, since it is one number; the size of calls next; hardware last.',
  ],
  worked:
    'The shard wait falls below the copy, and aggregated bandwidth rises while the io queue stays short.',
};
