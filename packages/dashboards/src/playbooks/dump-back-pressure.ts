import { dumpOverWrite, roomOfDump, writtenOfDumped } from '../query/figures.js';
import { mean, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const DUMP = { where: { 'kv_cache.operation.name': 'dump' } };
const WRITE = { where: { 'kv_cache.io.direction': 'write' } };

export const dumpBackPressure: Playbook = {
  id: 'dump-back-pressure',
  title: 'Dump back-pressure',
  symptom: 'Dumps were quick and become as slow as the disk; loads that need buffers suffer with them.',
  dashboard: 'store',
  observed: [
    { what: 'dumps', query: rate('kv_cache.task.duration', DUMP), least: 20 },
    { what: 'writes of the lower tier', query: rate('kv_cache.io.task.duration', WRITE), least: 20 },
  ],
  signature: [
    {
      figure: 'the mean dump over the mean write task of the lower tier',
      query: dumpOverWrite,
      is: 'above',
      bound: 0.5,
      unit: 'ratio',
    },
    {
      figure: 'the share of the time of dumps in which they wait for room',
      query: roomOfDump,
      is: 'above',
      bound: 0.5,
      unit: 'ratio',
      context: true,
    },
    // A write that takes next to no time is soon caught up with.
    {
      figure: 'the mean dump',
      query: mean('kv_cache.task.duration', DUMP),
      is: 'above',
      bound: 0.02,
      unit: 's',
    },
  ],
  findings: [
    {
      when: 'less is written than dumped',
      conditions: [
        {
          figure: 'bytes written of bytes dumped',
          query: writtenOfDumped,
          is: 'below',
          bound: 0.9,
          unit: 'ratio',
        },
      ],
      answer:
        'the buffer is still filling up: what is not written yet waits in host memory, and dumps will take longer than now.',
    },
    {
      when: 'as much is written as dumped',
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
        'the buffer is full, and dumps go at the pace of the disk: each of them waits until another block is written.',
    },
  ],
  causes: [
    'The buffer between the stage and the disk is full of blocks that wait to be written.',
    'More is dumped, over longer, than the disk writes.',
  ],
  changes: [
    'Dump less: not what is in the lower tier already, not what is unlikely to be wanted again.',
    'Write faster: more io workers, larger writes, a device more.',
    'A larger buffer helps with bursts only; against a steady surplus it fills up as well.',
  ],
  worked:
    'The dump falls back to its copy and hand-off, and bytes written follow bytes dumped. Keep in mind that a dump ends at its hand-off: whether the write succeeded shows in io errors alone.',
};
