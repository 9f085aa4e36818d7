import { overlapOfRest, restWait } from '../query/figures.js';
import { divide, mean, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const LOAD_FIRST = { 'kv_cache.operation.name': 'load', 'kv_cache.layer.position': 'first' };
const firstWait = mean('kv_cache.layer.wait.duration', { where: LOAD_FIRST });

export const firstTokenRegression: Playbook = {
  id: 'first-token-regression',
  title: 'The first token is later with layerwise loading',
  symptom: 'Throughput is better than without, time to first token is worse.',
  needs: 'layerwise',
  dashboard: 'layerwise',
  observed: [
    {
      what: 'waits for a first layer',
      query: rate('kv_cache.layer.wait.duration', { where: LOAD_FIRST }),
      least: 20,
    },
  ],
  signature: [
    { figure: 'the mean wait for the first layer', query: firstWait, is: 'above', bound: 0.005, unit: 's' },
    {
      figure: 'the mean wait for the first layer over that for another',
      query: divide(firstWait, restWait),
      is: 'above',
      bound: 5,
      unit: 'ratio',
    },
    {
      figure: 'the overlap of layers after the first',
      query: overlapOfRest,
      is: 'above',
      bound: 0.9,
      unit: 'ratio',
      context: true,
    },
  ],
  findings: [
    {
      when: 'the submit of the first layer takes long',
      conditions: [
        {
          figure: 'the mean submit of a first layer',
          query: mean('kv_cache.layer.submit.duration', { where: LOAD_FIRST }),
          is: 'above',
          bound: 0.001,
          unit: 's',
        },
      ],
      answer:
        'the first submit does work for the whole batch (look-ups, buffers, all submits at once). Move that off the path of the first layer.',
    },
    {
      when: 'the load of the first layer takes as long as the wait for it',
      conditions: [],
      answer:
        'it pays the whole latency of the lower tier, with nothing to hide behind. Keep first layers in host memory, or fetch them when the request is queued.',
    },
  ],
  causes: ['A first submit that does too much.', 'A first layer that comes from storage.'],
  changes: [
    'Keep or prefetch first layers.',
    'Start the load when the request arrives, not when it is scheduled.',
  ],
  worked: 'The wait for the first layer comes down to about that of the others; theirs stays as it is.',
};
