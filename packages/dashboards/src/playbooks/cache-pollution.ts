import { cameBack, neverReused, overallHitRatio } from '../query/figures.js';
import { rate, total } from '../query/query.js';
import type { Playbook } from './playbook.js';

const BY_TIER = { by: ['kv_cache.tier'] };

export const cachePollution: Playbook = {
  id: 'cache-pollution',
  title: 'Cache pollution',
  symptom: 'A tier is full of blocks that nobody asks for, beside a few that are asked for all the time.',
  needs: 'accesses',
  dashboard: 'lifecycle',
  observed: [
    { what: 'evicted blocks', query: rate('kv_cache.block.reuses', BY_TIER), least: 100 },
    // The first blocks that a tier evicts are those that nobody used since it was empty.
    {
      what: 'evictions for each block that a tier holds',
      query: rate('kv_cache.evictions', BY_TIER),
      per: total('kv_cache.block.limit', BY_TIER),
      least: 2,
    },
  ],
  signature: [
    {
      figure: 'the share of evicted blocks that were never reused',
      query: neverReused,
      is: 'above',
      bound: 0.9,
      unit: 'ratio',
    },
    {
      figure: 'evicted blocks that come back, for each that is evicted',
      query: cameBack,
      is: 'below',
      bound: 0.1,
      unit: 'ratio',
      orNone: true,
      context: true,
    },
    // What is reused is, and hits: more room would not make it more.
    {
      figure: 'the hit ratio over all tiers',
      query: overallHitRatio,
      is: 'above',
      bound: 0.3,
      unit: 'ratio',
      context: true,
    },
  ],
  findings: [
    {
      when: 'the hit ratio is the same as before the tier grew',
      conditions: [],
      answer:
        'what is reused fits already. The rest of the tier holds what passes through once: admission is what to change, not capacity.',
    },
  ],
  causes: [
    'Blocks of answers and of one-off prompts that are stored like any other.',
    'A tier below that is filled by every eviction of the one above.',
  ],
  changes: [
    'Admit a block to a lower tier when it was used a second time.',
    'Leave out the blocks of answers if sessions do not come back.',
    'Keep system prompts pinned.',
  ],
  worked: 'The never-reused share falls, stores fall with it, and the hit ratio stays or rises.',
};
