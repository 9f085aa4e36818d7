import { quantile, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

export const saveTail: Playbook = {
  id: 'save-tail',
  title: 'Save tail',
  symptom: 'Batches end some time after their compute.',
  needs: 'layerwise',
  dashboard: 'layerwise',
  observed: [{ what: 'batches with saves', query: rate('kv_cache.layer.save_tail.duration'), least: 20 }],
  signature: [
    {
      figure: 'the median save tail of a batch',
      query: quantile(0.5, 'kv_cache.layer.save_tail.duration'),
      is: 'above',
      bound: 0.005,
      unit: 's',
    },
  ],
  explainedBy: ['dump-back-pressure', 'slow-loads', 'starved-workers'],
  findings: [
    {
      when: 'saves of single layers are hardly waited for, except the last ones',
      conditions: [
        {
          figure: 'the median wait for a save',
          query: quantile(0.5, 'kv_cache.layer.wait.duration', {
            where: { 'kv_cache.operation.name': 'save' },
          }),
          is: 'below',
          bound: 0.001,
          unit: 's',
        },
      ],
      answer:
        'saving keeps pace until compute ends, and the last layers have nobody to hide behind: more streams for the copies, so that they finish side by side.',
    },
    {
      when: 'every save is waited for',
      conditions: [
        {
          figure: 'the median wait for a save',
          query: quantile(0.5, 'kv_cache.layer.wait.duration', {
            where: { 'kv_cache.operation.name': 'save' },
          }),
          is: 'above',
          bound: 0.001,
          unit: 's',
        },
      ],
      answer: 'saving is slower than compute altogether: see [Dump back-pressure](#4-dump-back-pressure).',
    },
  ],
  causes: [
    'Copies of the last layers that queue behind each other.',
    'Hand-offs that wait for the disk.',
    'More saved than needed.',
  ],
  changes: [
    'More copy streams.',
    'More concurrent io.',
    'Save less: leave out blocks that are stored already, or unlikely to be wanted.',
  ],
  worked: 'The save tail falls under 10 ms, and under 5 ms it is not worth more work.',
};
