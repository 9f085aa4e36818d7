import { TIERS, type Tier } from '@kvscope/core';
import {
  neverReused,
  notWantedAgain,
  occupancy,
  residentBytes,
  tokensSaved,
  wantedAgain,
} from '../query/figures.js';
import { level, total } from '../query/query.js';
import type { Dashboard, Panel } from './panel.js';
import { amounts, durations, heatmap, perSecond } from './shapes.js';

const TIER = 'kv_cache.tier';

/** A tier whose blocks live shorter than they wait for their next use evicts what it needs next. */
function livesIn(tier: Tier): readonly Panel[] {
  const spread = (metric: string, title: string, description: string): Panel =>
    heatmap(metric, { title: `${title} in ${tier}`, description, width: 8 }, 's', {
      where: { [TIER]: tier },
    });
  return [
    spread('kv_cache.block.lifetime', 'Lifetime', 'Evicted blocks by the time since they were stored.'),
    spread(
      'kv_cache.block.reuse_gap',
      'Reuse gap',
      'Uses of resident blocks by the time since the one before.',
    ),
    spread(
      'kv_cache.block.evict_reuse_gap',
      'Evict-reuse gap',
      'Blocks that were stored again within the window, by the time since their eviction.',
    ),
  ];
}

export const lifecycle: Dashboard = {
  name: 'lifecycle',
  title: 'Lifecycle',
  description:
    'Whether the tiers have the right size: occupancy, how long blocks live, whether they are wanted again.',
  panels: [
    {
      title: 'Occupancy',
      description: 'Blocks resident in each tier, and the blocks it can hold.',
      unit: 'suffix: blocks',
      width: 12,
      queries: [
        { query: total('kv_cache.block.usage', { by: [TIER] }), style: 'average' },
        { query: total('kv_cache.block.limit', { by: [TIER] }), legend: 'limit', style: 'limit' },
      ],
    },
    {
      title: 'Share in use',
      description: 'Blocks resident in each tier, over the blocks it can hold.',
      unit: 'percentunit',
      width: 12,
      max: 1,
      queries: [{ query: occupancy }],
    },
    {
      title: 'Occupancy by state',
      description:
        'Resident blocks: free to be evicted, held by a request or transfer, or unknown to the source.',
      unit: 'suffix: blocks',
      queries: [{ query: total('kv_cache.block.usage', { by: [TIER, 'kv_cache.block.state'] }) }],
    },
    {
      title: 'Resident bytes',
      description: 'Bytes of the blocks resident in each tier, where the source tells the size of a block.',
      unit: 'bytes',
      queries: [{ query: residentBytes }],
    },
    {
      title: 'Prompt tokens saved',
      description:
        'Tokens of the blocks that were found in a tier, per second, where the source tells how many a block has.',
      unit: 'suffix: tokens/s',
      queries: [{ query: tokensSaved }],
    },
    {
      title: 'Predicted hit ratio by capacity',
      description:
        'The hit ratio that each tier would have with its capacity multiplied, if it evicted the block that was used least recently.',
      unit: 'percentunit',
      width: 24,
      max: 1,
      queries: [
        {
          query: {
            ...level('kv_cache.reuse.hit_ratio', { of: 'avg', by: [TIER, 'kv_cache.capacity.scale'] }),
            means: 'ratio',
          },
        },
      ],
    },
    {
      title: 'How far the prediction may be off',
      description:
        'The widest error of the predicted hit ratios of each tier, either way. Above 2 % the sample is too small to trust.',
      unit: 'percentunit',
      width: 12,
      max: 1,
      queries: [{ query: { ...level('kv_cache.reuse.error', { of: 'max', by: [TIER] }), means: 'ratio' } }],
    },
    perSecond(
      'kv_cache.reuse.untracked',
      {
        title: 'Blocks dropped from the sample of the prediction',
        description: 'Blocks that the prediction no longer follows, by why.',
        width: 12,
      },
      'blocks',
      { by: [TIER, 'kv_cache.untracked.reason'] },
    ),
  ],
  sections: [
    {
      title: 'Lives of sampled blocks',
      panels: [
        durations(
          'kv_cache.block.lifetime',
          { title: 'Lifetime (per block)', description: 'Time from the store of a block to its eviction.' },
          { by: [TIER] },
        ),
        durations(
          'kv_cache.block.idle_time',
          {
            title: 'Idle time (per block)',
            description: 'Time from the last use of a block to its eviction.',
          },
          { by: [TIER] },
        ),
        amounts(
          'kv_cache.block.reuses',
          {
            title: 'Reuses (per block)',
            description: 'How often requests read a block before it was evicted.',
          },
          { by: [TIER] },
        ),
        durations(
          'kv_cache.block.reuse_gap',
          {
            title: 'Reuse gap (per touch)',
            description: 'Time between two uses of a block while it was resident.',
          },
          { by: [TIER] },
        ),
        durations(
          'kv_cache.block.evict_reuse_gap',
          {
            title: 'Evict-reuse gap (per block)',
            description:
              'Time from the eviction of a block until it was stored again, where that was within the window.',
          },
          { by: [TIER] },
        ),
        {
          title: 'Never reused',
          description: 'Evicted blocks that no request had read, over all evicted blocks.',
          unit: 'percentunit',
          max: 1,
          queries: [{ query: neverReused }],
        },
        {
          title: 'Wanted again',
          description:
            'Blocks evicted for room or age: the share stored again within the window, and the share that was not.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: [
            { query: wantedAgain, legend: 'wanted again' },
            { query: notWantedAgain, legend: 'missed by the window', style: 'p99' },
          ],
        },
        perSecond(
          'kv_cache.block.evict_reuse_misses',
          {
            title: 'Evicted for good',
            description: 'Sampled blocks that were not stored again within the window after their eviction.',
            width: 12,
          },
          'blocks',
          { by: [TIER] },
        ),
      ],
    },
    { title: 'Heat maps of lives', collapsed: true, panels: TIERS.flatMap(livesIn) },
    {
      title: 'What the figures above rest on',
      panels: [
        {
          title: 'Blocks followed',
          description: 'Sampled blocks in the live state: resident, or evicted and waited for.',
          unit: 'suffix: blocks',
          queries: [{ query: total('kv_cache.block.tracked', { by: [TIER, 'kv_cache.tracking.state'] }) }],
        },
        perSecond(
          'kv_cache.block.untracked',
          {
            title: 'Blocks dropped from the sample',
            description: 'Sampled blocks that are no longer followed, by why.',
          },
          'blocks',
          { by: [TIER, 'kv_cache.untracked.reason'] },
        ),
        perSecond(
          'kv_cache.block.discarded_intervals',
          {
            title: 'Intervals discarded',
            description: 'Intervals that came out negative: clocks that disagree.',
          },
          'intervals',
          { by: [TIER] },
        ),
      ],
    },
  ],
};
