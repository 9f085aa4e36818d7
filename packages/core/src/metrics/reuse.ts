import { capacityScale, sampleUntrackedReason, tier } from './attributes.js';
import { defineMetrics } from './declaration.js';

/** Sampled: the hit ratio that a tier would have at other capacities. */
export const reuseMetrics = defineMetrics('reuse', {
  'kv_cache.reuse.hit_ratio': {
    instrument: 'observableGauge',
    unit: '1',
    description:
      'Share of the references that an LRU of so many times the capacity of the tier would have held: a prediction. A reference is one block of a store, or of an access by a request. Nothing where the capacity or the accesses are not known.',
    grain: 'collection',
    attributes: [tier, capacityScale],
  },
  'kv_cache.reuse.error': {
    instrument: 'observableGauge',
    unit: '1',
    description:
      'Half the width of the interval around kv_cache.reuse.hit_ratio that the exact one is in with a probability of about 99 %. Above 0.02 the sample is too small to trust.',
    grain: 'collection',
    attributes: [tier, capacityScale],
  },
  'kv_cache.reuse.untracked': {
    instrument: 'counter',
    unit: '{block}',
    description:
      'Blocks dropped from a full sample, whose rate was lowered, or refused with their source; and blocks forgotten when a tier was cleared or reset.',
    grain: 'block (sampled)',
    attributes: [tier, sampleUntrackedReason],
  },
});
