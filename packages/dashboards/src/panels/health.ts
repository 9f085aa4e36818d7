import { level, rate, total } from '../query/query.js';
import type { Dashboard } from './panel.js';
import { perSecond, throughput } from './shapes.js';

export const health: Dashboard = {
  name: 'health',
  title: 'Health',
  description: 'Whether the other dashboards can be trusted: what arrived, what was lost, what failed.',
  panels: [
    perSecond(
      'kv_cache.bus.events',
      {
        title: 'Events on the bus',
        description: 'Events that reached at least one subscriber, by their name.',
        width: 12,
      },
      'events',
      { by: ['kv_cache.event.name'] },
    ),
    perSecond(
      'kv_cache.bus.subscriber.errors',
      {
        title: 'Subscriber errors',
        description:
          'Failures that the bus kept from the application. Each one is an event that a metric lacks.',
        width: 6,
      },
      'errors',
      { by: ['kv_cache.subscriber.name'] },
    ),
    {
      title: 'Sampling rate',
      description:
        'Share of blocks whose life is followed. The least of the instances: it should be the same on all.',
      unit: 'percentunit',
      width: 6,
      max: 1,
      queries: [{ query: { ...level('kv_cache.sampling.rate', { of: 'min' }), means: 'ratio' } }],
    },
  ],
  sections: [
    {
      title: 'Streams of engines',
      panels: [
        {
          title: 'Connected',
          description: 'Connections to publishers that stand.',
          unit: 'short',
          queries: [{ query: total('kv_cache.source.connected') }],
        },
        {
          title: 'Lag',
          description:
            'The greatest time from what a batch says of its own time to its arrival. Below 0 the clock of the publisher is ahead.',
          unit: 's',
          signed: true,
          queries: [{ query: level('kv_cache.source.lag', { of: 'max' }) }],
        },
        {
          title: 'Batches lost',
          description:
            'Batches that never arrived and could not be replayed, and batches dropped because the queue was full.',
          unit: 'suffix: batches/s',
          queries: [
            { query: rate('kv_cache.source.missed'), legend: 'missed' },
            { query: rate('kv_cache.source.dropped'), legend: 'dropped' },
          ],
        },
        {
          title: 'Batches',
          description:
            'Batches applied; of them those that were replayed; and those dropped because they had been applied already.',
          unit: 'suffix: batches/s',
          queries: [
            { query: rate('kv_cache.source.batches'), legend: 'applied' },
            { query: rate('kv_cache.source.replayed'), legend: 'replayed' },
            { query: rate('kv_cache.source.duplicates'), legend: 'duplicates' },
          ],
        },
        perSecond(
          'kv_cache.source.errors',
          {
            title: 'Decode errors',
            description: 'Messages and events that could not be understood and were skipped, by why.',
          },
          'errors',
          { by: ['kv_cache.source.error.kind'] },
        ),
        {
          title: 'Interruptions',
          description: 'Connections that came back, and publishers that began their sequence anew.',
          unit: 'suffix: times/s',
          queries: [
            { query: rate('kv_cache.source.reconnects'), legend: 'reconnects' },
            { query: rate('kv_cache.source.restarts'), legend: 'restarts' },
          ],
        },
        perSecond(
          'kv_cache.source.events',
          {
            title: 'Events of publishers',
            description: "Events in the applied batches, by the publisher's word for them.",
          },
          'events',
          { by: ['kv_cache.source.event.type'] },
        ),
        throughput('kv_cache.source.io', {
          title: 'Received (aggregated)',
          description: 'Payload that arrived in a second, also what was then skipped.',
        }),
        perSecond(
          'kv_cache.source.untracked',
          {
            title: 'Blocks not followed',
            description: 'Blocks over the limit, and removals of blocks that were never seen stored.',
          },
          'blocks',
          { by: ['kv_cache.source.untracked.reason'] },
        ),
      ],
    },
  ],
};
