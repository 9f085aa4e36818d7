import { overlapOfRest, restWaitOverInterval } from '../query/figures.js';
import { mean, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const REST = { where: { 'kv_cache.layer.position': 'rest' } };
const submit = mean('kv_cache.layer.submit.duration', { where: { 'kv_cache.operation.name': 'load' } });

export const layerwiseNoSpeedUp: Playbook = {
  id: 'layerwise-no-speed-up',
  title: 'Layerwise loading gives no speed-up',
  symptom: 'Loading layer by layer is on, and requests are no faster than without.',
  needs: 'layerwise',
  dashboard: 'layerwise',
  observed: [
    { what: 'layers loaded after a first', query: rate('kv_cache.layer.load.duration', REST), least: 50 },
  ],
  signature: [
    {
      figure: 'the overlap of layers after the first',
      query: overlapOfRest,
      is: 'below',
      bound: 0.9,
      unit: 'ratio',
    },
    // Of loads that take next to no time compute need not hide much.
    {
      figure: 'the mean wait over the mean interval',
      query: restWaitOverInterval,
      is: 'above',
      bound: 0.2,
      unit: 'ratio',
    },
  ],
  // Saves that take long are in the way of the loads behind them.
  explainedBy: ['slow-lower-tier', 'slow-loads', 'starved-workers', 'thrashing-tier', 'save-tail'],
  findings: [
    {
      when: 'the rest of the layers is hardly waited for',
      conditions: [
        {
          figure: 'the mean wait over the mean interval',
          query: restWaitOverInterval,
          is: 'below',
          bound: 0.2,
          unit: 'ratio',
        },
      ],
      answer: 'all loading is hidden. What is left is compute, and the cache cannot make that shorter.',
    },
    {
      when: 'the wait is above nothing and below the interval',
      conditions: [
        {
          figure: 'the mean wait over the mean interval',
          query: restWaitOverInterval,
          is: 'above',
          bound: 0.2,
          unit: 'ratio',
        },
        {
          figure: 'the mean wait over the mean interval',
          query: restWaitOverInterval,
          is: 'below',
          bound: 1,
          unit: 'ratio',
        },
      ],
      answer:
        'part of the loading is hidden. Each layer loads longer than it computes: submit more layers ahead, or make loads faster.',
    },
    {
      when: 'the wait is about the load time, and the interval is short',
      conditions: [
        {
          figure: 'the overlap of layers after the first',
          query: overlapOfRest,
          is: 'below',
          bound: 0.1,
          unit: 'ratio',
        },
        {
          figure: 'the mean wait over the mean interval',
          query: restWaitOverInterval,
          is: 'above',
          bound: 1,
          unit: 'ratio',
        },
      ],
      answer:
        'it has become serial: each layer is submitted when it is needed, or compute is too short to hide anything. Submit earlier; for short prompts load everything at once.',
    },
    {
      when: 'the wait is long and grows while the interval stays the same',
      conditions: [
        {
          figure: 'the mean wait over the mean interval',
          query: restWaitOverInterval,
          is: 'above',
          bound: 2,
          unit: 'ratio',
        },
      ],
      answer:
        'a backlog: loads come faster than they are served. Check that submits take less than 1 ms, then go on with [Hits are fine, loads are slow](#2-hits-are-fine-loads-are-slow).',
    },
    {
      when: 'the submit call itself takes long',
      conditions: [{ figure: 'the mean submit', query: submit, is: 'above', bound: 0.001, unit: 's' }],
      answer:
        'compute stands still while it submits. Do less in the call: hand over, and let a worker do the rest.',
    },
  ],
  causes: [
    'Loads that are submitted too late.',
    'Layers that load longer than they compute.',
    'Submits that block.',
    'Nothing: compute alone is the limit.',
  ],
  changes: [
    'Submit further ahead.',
    'Make loads faster, by playbooks 2 and 3.',
    'Turn it off for prompts that are too short for it.',
  ],
  worked: 'The wait for the rest of the layers goes to 0 while the interval stays, and the overlap to 1.',
};
