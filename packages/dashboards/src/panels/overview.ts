import { rate, total } from '../query/query.js';
import { hitRatioPanel } from './hit-ratio.js';
import type { Dashboard } from './panel.js';
import { amounts, bandwidths, durations, perSecond, sizes, throughput } from './shapes.js';

const TIER = 'kv_cache.tier';
const PAIR = ['kv_cache.source_tier', 'kv_cache.destination_tier'];
const BACKEND = ['kv_cache.backend.name'];
const WITH_P95 = [0.5, 0.9, 0.95, 0.99] as const;

export const overview: Dashboard = {
  name: 'overview',
  title: 'Overview',
  description: 'Is the cache helping, and what moves between its tiers.',
  panels: [
    hitRatioPanel,
    perSecond(
      'kv_cache.lookup.duration',
      { title: 'Lookups', description: 'How often each tier was asked, per second.' },
      'lookups',
      { by: [TIER] },
    ),
    perSecond(
      'kv_cache.lookup.blocks',
      {
        title: 'Blocks looked up',
        description: 'Blocks that each tier was asked for, by whether it held them.',
      },
      'blocks',
      { by: [TIER, 'kv_cache.lookup.result'] },
    ),
    perSecond(
      'kv_cache.evictions',
      { title: 'Evictions by reason', description: 'Blocks that left each tier, by why they left.' },
      'blocks',
      { by: [TIER, 'kv_cache.eviction.reason'] },
    ),
    perSecond(
      'kv_cache.stores',
      {
        title: 'Stores by cause',
        description: 'Blocks that became readable in each tier, by where they came from.',
      },
      'blocks',
      { by: [TIER, 'kv_cache.store.cause'] },
    ),
    perSecond(
      'kv_cache.accesses',
      {
        title: 'Accesses',
        description: 'Blocks read from each tier; internal reads are the store locking its own blocks.',
      },
      'blocks',
      { by: [TIER, 'kv_cache.access.by'] },
    ),
    {
      title: 'Failures',
      description:
        'What failed, by what kind of work it was and why. The write of a dump fails after the dump has ended, and shows as io.',
      unit: 'suffix: failures/s',
      queries: [
        {
          query: rate('kv_cache.transfer.duration', {
            where: { 'error.type': { present: true } },
            by: [...PAIR, 'error.type'],
          }),
          legend: 'transfer',
        },
        {
          query: rate('kv_cache.tasks', {
            where: { 'error.type': { present: true } },
            by: ['kv_cache.operation.name', 'error.type'],
          }),
          legend: 'task',
        },
        { query: rate('kv_cache.io.errors', { by: ['kv_cache.io.direction', 'error.type'] }), legend: 'io' },
      ],
    },
  ],
  sections: [
    {
      title: 'Transfers between tiers',
      panels: [
        perSecond(
          'kv_cache.transfer.duration',
          { title: 'Transfers', description: 'Transfers that ended, also those that failed.' },
          'transfers',
          { by: PAIR },
        ),
        {
          title: 'Transfers under way',
          description: 'Transfers that have begun and not ended, as the sources say when they are asked.',
          unit: 'short',
          queries: [{ query: total('kv_cache.transfer.active', { by: PAIR }) }],
        },
        throughput(
          'kv_cache.transfer.io',
          {
            title: 'Bandwidth (aggregated)',
            description:
              'Bytes that transfers really moved in a second, side by side and with the pauses between them.',
          },
          { by: PAIR },
        ),
        durations(
          'kv_cache.transfer.duration',
          {
            title: 'Transfer duration (per transfer)',
            description: 'Time that one transfer took.',
            width: 12,
          },
          { by: PAIR, quantiles: WITH_P95 },
        ),
        bandwidths(
          'kv_cache.transfer.bandwidth',
          {
            title: 'Bandwidth (per transfer)',
            description:
              'Bytes per second of one transfer while it was under way. Transfers side by side do not add up here.',
            width: 12,
          },
          { by: PAIR, quantiles: WITH_P95 },
        ),
        sizes(
          'kv_cache.transfer.size',
          { title: 'Transfer size (per transfer)', description: 'Bytes that one transfer moved.' },
          { by: PAIR },
        ),
        amounts(
          'kv_cache.transfer.blocks',
          { title: 'Blocks (per transfer)', description: 'Blocks that one transfer moved.' },
          { by: PAIR },
        ),
        amounts(
          'kv_cache.transfer.requests',
          {
            title: 'Requests (per transfer)',
            description: 'Requests that one transfer served, where its connector tells.',
          },
          { by: PAIR },
        ),
      ],
    },
    {
      title: 'Requests sent to another node',
      panels: [
        durations(
          'kv_cache.request.transfer.duration',
          {
            title: 'Transfer duration (per request)',
            description: 'Time during which at least one chunk of a request was on its way.',
          },
          { by: BACKEND },
        ),
        sizes(
          'kv_cache.request.transfer.size',
          { title: 'Transfer size (per request)', description: 'Bytes of all chunks of a request.' },
          { by: BACKEND },
        ),
        perSecond(
          'kv_cache.request.transfer.abandoned',
          {
            title: 'Requests given up',
            description: 'Requests whose chunks never became complete, by why they were given up.',
          },
          'requests',
          { by: ['kv_cache.abandon.reason'] },
        ),
      ],
    },
  ],
};
