import type { Condition } from '../condition.js';
import { dumpBackPressure } from '../playbooks/dump-back-pressure.js';
import { overallHitRatio, overlapOfRest, restWait, shardWaitOverCopy } from '../query/figures.js';
import { happened, level, mean, plus, rate } from '../query/query.js';
import type { Alert } from './rule.js';

const SERVICE = ['job'];
const INSTANCE = ['job', 'instance'];

const some = (figure: string, query: Condition['query']): Condition => ({
  figure,
  query,
  is: 'above',
  bound: 0,
  unit: '1/s',
});

export const ALERTS: readonly Alert[] = [
  {
    name: 'KvCacheLowHitRatio',
    severity: 'warning',
    for: '15m',
    grouping: SERVICE,
    conditions: [
      {
        figure: 'the hit ratio over all tiers',
        query: overallHitRatio,
        is: 'below',
        bound: 0.3,
        unit: 'ratio',
      },
      {
        figure: 'blocks looked up',
        query: rate('kv_cache.lookup.blocks'),
        is: 'above',
        bound: 1,
        unit: 'block/s',
      },
    ],
    summary: 'The cache of {{ $labels.job }} finds less than 30 % of the blocks it is asked for.',
    description: 'Most of each prompt is computed again. See which tier misses, and whether dumps fail.',
    playbook: 'low-hit-ratio',
  },
  {
    name: 'KvCacheLowerTierSlow',
    severity: 'warning',
    for: '10m',
    grouping: SERVICE,
    conditions: [
      {
        figure: 'the mean wait of a shard over the mean copy of a load',
        query: shardWaitOverCopy,
        is: 'above',
        bound: 1,
        unit: 'ratio',
      },
      {
        figure: 'the mean wait of a shard',
        query: mean('kv_cache.shard.wait.duration'),
        is: 'above',
        bound: 0.02,
        unit: 's',
      },
    ],
    summary: 'Loads of {{ $labels.job }} wait longer for the lower tier than they copy.',
    description:
      'A shard waits more than 20 ms on average. Compare the bandwidth per io with the aggregated one.',
    playbook: 'slow-lower-tier',
  },
  {
    name: 'KvCacheDumpBackPressure',
    severity: 'warning',
    for: '10m',
    grouping: SERVICE,
    conditions: dumpBackPressure.signature,
    summary: 'Dumps of {{ $labels.job }} wait for the disk.',
    description:
      'A dump spends most of its time waiting for room: host memory is full of blocks on their way to the disk.',
    playbook: 'dump-back-pressure',
  },
  {
    name: 'KvCacheLayerwiseSerial',
    severity: 'warning',
    for: '10m',
    grouping: SERVICE,
    conditions: [
      {
        figure: 'the overlap of layers after the first',
        query: overlapOfRest,
        is: 'below',
        bound: 0.1,
        unit: 'ratio',
      },
      { figure: 'the mean wait for such a layer', query: restWait, is: 'above', bound: 0.001, unit: 's' },
    ],
    summary: 'Layerwise loading of {{ $labels.job }} hides almost nothing behind compute.',
    description: 'Compute stands still for nearly all of the time that layers take to load.',
    playbook: 'layerwise-no-speed-up',
  },
  {
    name: 'KvCacheSaveTail',
    severity: 'warning',
    for: '10m',
    grouping: SERVICE,
    conditions: [
      {
        figure: 'the mean save tail of a batch',
        query: mean('kv_cache.layer.save_tail.duration'),
        is: 'above',
        bound: 0.05,
        unit: 's',
      },
    ],
    summary: 'Batches of {{ $labels.job }} wait more than 50 ms for their saves after compute has ended.',
    description: 'Each batch is that much longer than its compute.',
    playbook: 'save-tail',
  },
  {
    name: 'KvCacheIoErrors',
    severity: 'warning',
    for: '1m',
    grouping: INSTANCE,
    conditions: [
      some(
        'io errors',
        happened('kv_cache.io.errors', { by: ['kv_cache.tier', 'kv_cache.io.direction', 'error.type'] }),
      ),
    ],
    summary:
      '{{ $labels.kv_cache_io_direction }} of {{ $labels.kv_cache_tier }} fails on {{ $labels.instance }}: {{ $labels.error_type }}.',
    description:
      'The failed write of a dump shows here only: its task had ended well. What was not written will miss.',
    playbook: 'low-hit-ratio',
  },
  {
    name: 'KvCacheSourceDisconnected',
    severity: 'warning',
    for: '2m',
    grouping: INSTANCE,
    conditions: [
      {
        figure: 'the least connected publisher',
        query: level('kv_cache.source.connected', { of: 'min' }),
        is: 'below',
        bound: 1,
        unit: 'ratio',
      },
    ],
    summary: '{{ $labels.instance }} has lost a publisher of KV events.',
    description: 'Until it is back, every figure of that engine stands still.',
  },
  {
    name: 'KvCacheEventsMissed',
    severity: 'warning',
    for: '0m',
    grouping: INSTANCE,
    conditions: [some('batches lost', plus(rate('kv_cache.source.missed'), rate('kv_cache.source.dropped')))],
    summary: '{{ $labels.instance }} loses batches of KV events.',
    description:
      'Stores and evictions are missing. What the publisher held was forgotten, and is learnt anew.',
  },
  {
    name: 'KvCacheSubscriberErrors',
    severity: 'warning',
    for: '0m',
    grouping: INSTANCE,
    conditions: [
      some(
        'subscriber errors',
        happened('kv_cache.bus.subscriber.errors', { by: ['kv_cache.subscriber.name'] }),
      ),
    ],
    summary: 'The subscriber {{ $labels.kv_cache_subscriber_name }} fails on {{ $labels.instance }}.',
    description:
      'Each failure is an event that its metrics lack. The first of them is in the log of OpenTelemetry.',
  },
  {
    name: 'KvCacheBlocksUntracked',
    severity: 'info',
    for: '5m',
    grouping: INSTANCE,
    conditions: [
      some(
        'blocks over the limit',
        plus(
          rate('kv_cache.block.untracked', { where: { 'kv_cache.untracked.reason': 'limit' } }),
          rate('kv_cache.source.untracked', { where: { 'kv_cache.source.untracked.reason': 'limit' } }),
        ),
      ),
    ],
    summary: '{{ $labels.instance }} follows no more blocks than its limit.',
    description:
      'Lifetimes and gaps lack the blocks that were turned away. Raise the limit, or lower the sample rate.',
  },
];
