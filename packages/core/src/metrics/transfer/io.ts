import { errorType, ioDirection, tier } from '../attributes.js';
import { BANDWIDTH, LATENCY } from '../boundaries.js';
import type { MetricSet } from '../declaration.js';

/** Lookups, and the io against a tier. */
export const ioTimes = {
  'kv_cache.lookup.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time one tier took to tell which of some blocks it holds.',
    grain: 'lookup of one tier',
    attributes: [tier],
    boundaries: LATENCY,
  },
  'kv_cache.io.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time one read or write call took, without its time in the queue.',
    grain: 'io call',
    attributes: [tier, ioDirection, errorType],
    boundaries: LATENCY,
  },
  'kv_cache.io.bandwidth': {
    instrument: 'histogram',
    unit: 'By/s',
    description: 'Bytes per second of one successful io call that moved something.',
    grain: 'successful io call of at least 1 us',
    attributes: [tier, ioDirection],
    boundaries: BANDWIDTH,
  },
  'kv_cache.io.queue.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time from the submit of an io call to its start, where the tier has a queue.',
    grain: 'queued io call',
    attributes: [tier, ioDirection],
    boundaries: LATENCY,
  },
  'kv_cache.io.task.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time the lower tier took for one task of its own.',
    grain: 'task of the lower tier',
    attributes: [tier, ioDirection, errorType],
    boundaries: LATENCY,
  },
} as const satisfies MetricSet;
