import { dumpingTime, writtenOfDumped } from '../query/figures.js';
import { rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const DUMPING = { 'kv_cache.source_tier': 'l0', 'kv_cache.destination_tier': 'l1' };

export const dumpBound: Playbook = {
  id: 'dump-bound',
  title: 'Dump-bound without layerwise',
  symptom: 'Requests take longer by what it takes to dump their blocks.',
  dashboard: 'overview',
  observed: [
    {
      what: 'transfers from l0 to l1',
      query: rate('kv_cache.transfer.duration', { where: DUMPING }),
      least: 20,
    },
  ],
  signature: [
    {
      figure: 'seconds of transfers from l0 to l1 in each second',
      query: dumpingTime,
      is: 'above',
      bound: 0.3,
      unit: 'ratio',
    },
    {
      figure: 'batches that save layer by layer, beside compute',
      query: rate('kv_cache.layer.save_tail.duration'),
      is: 'below',
      bound: 0.01,
      unit: '1/s',
      orNone: true,
      context: true,
    },
  ],
  explainedBy: ['dump-back-pressure'],
  findings: [
    {
      when: 'writes keep pace with dumps',
      conditions: [
        {
          figure: 'bytes written of bytes dumped',
          query: writtenOfDumped,
          is: 'above',
          bound: 0.9,
          unit: 'ratio',
        },
      ],
      answer:
        'the copy from the device is what takes long: pinned memory, streams of its own, or dump layer by layer.',
    },
    {
      when: 'writes fall behind',
      conditions: [
        {
          figure: 'bytes written of bytes dumped',
          query: writtenOfDumped,
          is: 'below',
          bound: 0.9,
          unit: 'ratio',
        },
      ],
      answer: 'the disk is what takes long: see [Dump back-pressure](#4-dump-back-pressure).',
    },
  ],
  causes: ['Dumps on the path of the request.', 'A slow copy.', 'A slow disk behind it.'],
  changes: [
    'Compare the transfer with the dump task: about the same time means that the request waits for all of it.',
    'Dump layer by layer, beside compute.',
    'Dump less.',
  ],
  worked: 'Less than 0.3 s of transfer in each second, for the same number of blocks.',
};
