import { divide, mean, quantile, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const TASK = 'kv_cache.task.queue.duration';
const IO = 'kv_cache.io.queue.duration';

export const starvedWorkers: Playbook = {
  id: 'starved-workers',
  title: 'Starved workers',
  symptom: 'Most tasks start at once, some wait for ages.',
  dashboard: 'store',
  observed: [
    // A hundredth of them is what the p99 is made of.
    { what: 'tasks', query: rate(TASK), least: 200 },
  ],
  signature: [
    {
      figure: 'the p99 of the task queue over its mean',
      query: divide(quantile(0.99, TASK), mean(TASK)),
      is: 'above',
      bound: 20,
      unit: 'ratio',
    },
    { figure: 'the p99 of the task queue', query: quantile(0.99, TASK), is: 'above', bound: 0.01, unit: 's' },
  ],
  findings: [
    {
      when: 'the io queue is as uneven',
      conditions: [
        {
          figure: 'the p99 of the io queue over its mean',
          query: divide(quantile(0.99, IO), mean(IO)),
          is: 'above',
          bound: 20,
          unit: 'ratio',
        },
      ],
      answer:
        'small calls stand behind large ones, or workers hang in a call. Separate queues for reads and writes, and a limit on the size of a call.',
    },
    {
      when: 'tasks fail because the queue is full',
      conditions: [],
      answer:
        'that is how it should be: a queue that fails loudly is found, one that grows is not. Take what it turns away as the sign to add workers.',
    },
  ],
  causes: [
    'A large task at the head of the queue.',
    'Workers that are blocked, by a lock or by a device.',
    'Threads that share a core with the model.',
  ],
  changes: [
    'More workers, up to the cores that are free.',
    'Bind them to cores of their own.',
    'A bounded queue that refuses, in place of a long one.',
  ],
  worked: 'The p99 of the queue comes down towards its mean; the mean need not change.',
};
