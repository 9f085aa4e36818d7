import { shardWaitOverCopy } from '../query/figures.js';
import { mean, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const LOAD = { where: { 'kv_cache.operation.name': 'load' } };

export const slowLoads: Playbook = {
  id: 'slow-loads',
  title: 'Hits are fine, loads are slow',
  symptom: 'The cache finds what it is asked for, and the first token is late all the same.',
  dashboard: 'store',
  observed: [{ what: 'loads', query: rate('kv_cache.task.duration', LOAD), least: 20 }],
  signature: [
    {
      figure: 'the mean load',
      query: mean('kv_cache.task.duration', LOAD),
      is: 'above',
      bound: 0.05,
      unit: 's',
    },
  ],
  explainedBy: ['slow-lower-tier', 'first-token-regression'],
  findings: [
    {
      when: 'the queue is long',
      conditions: [
        {
          figure: 'the mean queue',
          query: mean('kv_cache.task.queue.duration', LOAD),
          is: 'above',
          bound: 0.001,
          unit: 's',
        },
      ],
      answer: 'the workers are saturated. More tasks at a time, or fewer and larger ones.',
    },
    {
      when: 'dispatch takes long',
      conditions: [
        {
          figure: 'the mean dispatch',
          query: mean('kv_cache.task.dispatch.duration', LOAD),
          is: 'above',
          bound: 0.001,
          unit: 's',
        },
      ],
      answer:
        'tasks compete for buffers in host memory. A larger buffer, or fewer tasks at a time; if dumps hold the buffers, see [Dump back-pressure](#4-dump-back-pressure).',
    },
    {
      when: 'shards wait for the lower tier longer than a load copies',
      conditions: [
        {
          figure: 'the mean wait of a shard over the mean copy of a load',
          query: shardWaitOverCopy,
          is: 'above',
          bound: 1,
          unit: 'ratio',
        },
      ],
      answer: 'it is the lower tier: see [Slow lower tier](#3-slow-lower-tier).',
    },
    {
      when: 'the copy is most of it',
      conditions: [
        {
          figure: 'the mean wait of a shard over the mean copy of a load',
          query: shardWaitOverCopy,
          is: 'below',
          bound: 1,
          unit: 'ratio',
        },
      ],
      answer:
        'the bus between host and device is the limit, or is used badly: pinned memory, copies on streams of their own, blocks that lie side by side.',
    },
  ],
  causes: [
    'Too few workers for the tasks that come at once.',
    'Buffers that others hold.',
    'A lower tier that is slow, or asked for too much.',
    'Copies that do not use the bus.',
  ],
  changes: [
    'Find the stage that is largest, in mean and in p99; stages add up to the task, so that nothing can hide between them.',
    'Change what that stage is about, and nothing else.',
  ],
  worked:
    'The stage shrinks and the load with it. If another stage grows by as much, the bottleneck has only moved there.',
};
