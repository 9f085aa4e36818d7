import { evictionReason, tier, trackingState, untrackedReason } from './attributes.js';
import { COUNT, RESIDENCY } from './boundaries.js';
import { defineMetrics } from './declaration.js';

/** Sampled: how long blocks live in a tier, how they are used, and whether they are wanted again. */
export const lifecycleMetrics = defineMetrics('lifecycle', {
  'kv_cache.block.lifetime': {
    instrument: 'histogram',
    unit: 's',
    description: 'Time from the store of a block to its eviction, recorded at the eviction.',
    grain: 'evicted block (sampled)',
    attributes: [tier, evictionReason],
    boundaries: RESIDENCY,
  },
  'kv_cache.block.idle_time': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the last touch or release of a block, whichever is later, to its eviction. A touch is a store, a re-store or an access by a request.',
    grain: 'evicted block (sampled)',
    attributes: [tier, evictionReason],
    boundaries: RESIDENCY,
  },
  'kv_cache.block.reuse_gap': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time between two touches of a resident block, recorded at the later one; the first gap runs from the store.',
    grain: 'touch after the first (sampled)',
    attributes: [tier],
    boundaries: RESIDENCY,
  },
  'kv_cache.block.evict_reuse_gap': {
    instrument: 'histogram',
    unit: 's',
    description:
      'Time from the eviction of a block for capacity or expiry to its next store, where that is shorter than the window (default 300 s).',
    grain: 'block stored again within the window (sampled)',
    attributes: [tier],
    boundaries: RESIDENCY,
  },
  'kv_cache.block.evict_reuse_misses': {
    instrument: 'counter',
    unit: '{block}',
    description: 'Blocks evicted for capacity or expiry that were not stored again within the window.',
    grain: 'evicted block (sampled)',
    attributes: [tier],
  },
  'kv_cache.block.reuses': {
    instrument: 'histogram',
    unit: '{access}',
    description:
      'Accesses by requests to a block while it was resident, recorded at its eviction; 0 = never reused.',
    grain: 'evicted block (sampled)',
    attributes: [tier, evictionReason],
    boundaries: COUNT,
  },
  'kv_cache.block.tracked': {
    instrument: 'observableUpDownCounter',
    unit: '{block}',
    description: 'Sampled blocks in the live state: resident ones, and ghosts waiting to be stored again.',
    grain: 'collection',
    attributes: [tier, trackingState],
  },
  'kv_cache.block.untracked': {
    instrument: 'counter',
    unit: '{block}',
    description:
      'Sampled blocks dropped from or refused by the live state: over its limit, idle past the age bound, or forgotten at a source reset.',
    grain: 'block (sampled)',
    attributes: [tier, untrackedReason],
  },
  'kv_cache.block.discarded_intervals': {
    instrument: 'counter',
    unit: '{interval}',
    description: 'Intervals that came out negative or not finite and were not recorded.',
    grain: 'interval (sampled)',
    attributes: [tier],
  },
  'kv_cache.sampling.rate': {
    instrument: 'observableGauge',
    unit: '1',
    description: 'The configured sample rate: divide sampled counts by it to scale them.',
    grain: 'collection',
    attributes: [],
  },
});
