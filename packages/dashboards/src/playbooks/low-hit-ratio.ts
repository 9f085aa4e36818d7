import { backendLoadRatio, overallHitRatio } from '../query/figures.js';
import { happened, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

export const lowHitRatio: Playbook = {
  id: 'low-hit-ratio',
  title: 'Low hit ratio',
  symptom: 'Prompts that share a prefix are computed again, and what is found comes from far down.',
  needs: 'lookups',
  dashboard: 'overview',
  observed: [{ what: 'blocks looked up', query: rate('kv_cache.lookup.blocks'), least: 100 }],
  signature: [
    {
      figure: 'the hit ratio over all tiers',
      query: overallHitRatio,
      is: 'below',
      bound: 0.3,
      unit: 'ratio',
    },
    {
      figure: 'the share of load shards that came from the lower tier',
      query: backendLoadRatio,
      is: 'above',
      bound: 0.7,
      unit: 'ratio',
      orNone: true,
    },
  ],
  explainedBy: ['thrashing-tier', 'cache-pollution'],
  findings: [
    {
      when: 'storage fails',
      conditions: [
        { figure: 'io errors', query: happened('kv_cache.io.errors'), is: 'above', bound: 0, unit: '1/s' },
      ],
      answer:
        'what dumps handed over was never written. The error type says why: room, permission, or the device. Mend that before anything else.',
    },
    {
      when: 'shards of dumps are skipped',
      conditions: [
        {
          figure: 'skipped shards of dumps',
          query: rate('kv_cache.task.shards', {
            where: { 'kv_cache.operation.name': 'dump', 'kv_cache.shard.origin': 'skipped' },
          }),
          is: 'above',
          bound: 0,
          unit: '1/s',
        },
      ],
      answer:
        'the store leaves blocks out, on purpose or because they are there already. If the blocks are not there, its policy of what to keep is what to change.',
    },
    {
      when: 'tiers are full and evicted blocks come back soon',
      conditions: [],
      answer: 'the tier is too small for its load: see [Thrashing tier](#10-thrashing-tier).',
    },
    {
      when: 'hardly anything ever hits, in any tier, from the start',
      conditions: [
        {
          figure: 'the hit ratio over all tiers',
          query: overallHitRatio,
          is: 'below',
          bound: 0.01,
          unit: 'ratio',
        },
      ],
      answer:
        'keys never match: two processes that hash with another seed, another tokenizer or chat template, a salt for each request. Compare the keys of one prompt on both sides.',
    },
  ],
  causes: [
    'Too little capacity for the prefixes in use.',
    'A workload without common prefixes: no cache can help it.',
    'Dumps that fail, or blocks that are never dumped.',
    'Keys that differ although the content is the same.',
  ],
  changes: [
    'Rule out failures and keys that never match: no capacity mends those.',
    'Give host memory (L1) more blocks first: it is the cheapest tier that is fast. The evict-reuse gap says whether that would be felt; where a predicted hit ratio by capacity is recorded, that says how much.',
    'Then storage (L2), if the gaps are longer than what L1 could ever bridge.',
    'Send requests with a common prefix to the same instance.',
  ],
  worked:
    'The hit ratio of the tier that grew rises within one lifetime of its blocks, and the backend load ratio falls.',
};
