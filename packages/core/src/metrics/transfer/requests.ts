import { backendName, requestAbandonReason } from '../attributes.js';
import { BYTES, LATENCY } from '../boundaries.js';
import type { MetricSet } from '../declaration.js';

/** What was sent to another node for one request (prefill to decode), over all its chunks. */
export const requestTransfers = {
  'kv_cache.request.transfer.duration': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time during which at least one chunk of a request was being sent: chunks side by side count once, pauses between chunks not at all. Recorded when all chunks have arrived.',
    grain: 'request',
    attributes: [backendName],
    boundaries: LATENCY,
  },
  'kv_cache.request.transfer.size': {
    instrument: 'histogram',
    unit: 'By',
    description: 'Bytes of all chunks of a request, recorded when all have arrived.',
    grain: 'request',
    attributes: [backendName],
    boundaries: BYTES,
  },
  'kv_cache.request.transfer.abandoned': {
    instrument: 'counter',
    unit: '{request}',
    description:
      'Requests that were aborted, did not complete in time, or were more than the state may hold; no duration or size is recorded for them.',
    grain: 'request',
    attributes: [requestAbandonReason],
  },
} as const satisfies MetricSet;
