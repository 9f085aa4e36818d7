import { cameBack, evictedForRoom, idleOverReuse, usedTooLate } from '../query/figures.js';
import { quantile, rate } from '../query/query.js';
import type { Playbook } from './playbook.js';

const BY_TIER = { by: ['kv_cache.tier'] };

export const thrashingTier: Playbook = {
  id: 'thrashing-tier',
  title: 'Thrashing tier',
  symptom: 'A tier is full, busy, and of little use: it evicts what it needs next.',
  needs: 'accesses',
  dashboard: 'lifecycle',
  observed: [
    { what: 'blocks evicted for room', query: evictedForRoom, least: 50 },
    { what: 'blocks that came back', query: rate('kv_cache.block.evict_reuse_gap', BY_TIER), least: 20 },
  ],
  signature: [
    {
      figure: 'evicted blocks that come back, for each that is evicted',
      query: cameBack,
      is: 'above',
      bound: 0.3,
      unit: 'ratio',
    },
    {
      figure: 'the share of uses that come after the block was evicted',
      query: usedTooLate,
      is: 'above',
      // A tier that is small beside the one below it, as device memory is, loses as many blocks as it serves in health.
      bound: 0.67,
      unit: 'ratio',
    },
    {
      figure: 'the mean idle time at eviction over the mean time between two uses',
      query: idleOverReuse,
      is: 'below',
      bound: 1,
      unit: 'ratio',
    },
  ],
  findings: [
    {
      when: 'blocks come back within seconds of their eviction',
      conditions: [
        {
          figure: 'the median evict-reuse gap',
          query: quantile(0.5, 'kv_cache.block.evict_reuse_gap', BY_TIER),
          is: 'below',
          bound: 10,
          unit: 's',
        },
      ],
      answer:
        'a little more capacity helps a lot: enough for the blocks that are stored during one such gap.',
    },
    {
      when: 'they come back after minutes',
      conditions: [
        {
          figure: 'the median evict-reuse gap',
          query: quantile(0.5, 'kv_cache.block.evict_reuse_gap', BY_TIER),
          is: 'above',
          bound: 60,
          unit: 's',
        },
      ],
      answer:
        'no capacity of this tier bridges that. Let the tier below catch them, and make loads from it fast.',
    },
  ],
  causes: [
    'Capacity below the working set.',
    'More requests at a time than the tier can hold the blocks of.',
    'An eviction policy that a scan defeats.',
  ],
  changes: [
    'More blocks for the tier: stores per second times the evict-reuse gap is how many it lacks.',
    'Fewer requests at a time, or requests of one session together.',
    'A policy that keeps what was used twice.',
  ],
  worked: 'Idle time at eviction rises above the time between two uses, and fewer evicted blocks come back.',
};
