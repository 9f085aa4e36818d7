import { destinationTier, errorType, sourceTier } from '../attributes.js';
import { BANDWIDTH, BYTES, COUNT, LATENCY } from '../boundaries.js';
import type { MetricSet } from '../declaration.js';

/** Movements of blocks between two tiers or two nodes, as the connector sees them. */
export const transferMovement = {
  'kv_cache.transfer.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time a transfer took, also one that failed.',
    grain: 'transfer',
    attributes: [sourceTier, destinationTier, errorType],
    boundaries: LATENCY,
  },
  'kv_cache.transfer.size': {
    instrument: 'histogram',
    unit: 'By',
    description: 'Bytes that a successful transfer moved.',
    grain: 'successful transfer',
    attributes: [sourceTier, destinationTier],
    boundaries: BYTES,
  },
  'kv_cache.transfer.bandwidth': {
    instrument: 'histogram',
    unit: 'By/s',
    description:
      'Bytes per second of one successful transfer that moved something. The mean rate of all is kv_cache.transfer.io divided by the sum of kv_cache.transfer.duration.',
    grain: 'successful transfer of at least 1 us',
    attributes: [sourceTier, destinationTier],
    boundaries: BANDWIDTH,
  },
  'kv_cache.transfer.io': {
    instrument: 'counter',
    unit: 'By',
    description: 'Bytes really moved by transfers, also by those that failed later on.',
    grain: 'byte moved',
    attributes: [sourceTier, destinationTier],
  },
  'kv_cache.transfer.blocks': {
    instrument: 'histogram',
    unit: '{block}',
    description: 'Blocks that a successful transfer moved.',
    grain: 'successful transfer',
    attributes: [sourceTier, destinationTier],
    boundaries: COUNT,
  },
  'kv_cache.transfer.requests': {
    instrument: 'histogram',
    unit: '{request}',
    description: 'Requests that a successful transfer served, where the connector tells.',
    grain: 'successful transfer',
    attributes: [sourceTier, destinationTier],
    boundaries: COUNT,
  },
  'kv_cache.transfer.active': {
    instrument: 'observableUpDownCounter',
    unit: '{transfer}',
    description: 'Transfers under way, as the source answers when metrics are collected.',
    grain: 'collection',
    attributes: [sourceTier, destinationTier],
  },
} as const satisfies MetricSet;
