import { layerwiseMetrics, type Subscriber } from '@kvscope/core';
import { recordBatchEnds } from './batch-ends.js';
import { BatchTable } from './batch-table.js';
import { recordLayers } from './layers.js';
import { type LayerwiseOptions, layerwiseLimits } from './options.js';
import { recordWaits } from './waits.js';

const SWEEP_INTERVAL_MS = 1000;

/** Whether loading layer by layer hides behind compute, and what is left to wait for. Never sampled. */
export const layerwise: Subscriber<typeof layerwiseMetrics.metrics, LayerwiseOptions> = {
  name: 'layerwise',
  family: layerwiseMetrics,
  validate: (options) => void layerwiseLimits(options),
  start(context, options) {
    const limits = layerwiseLimits(options);
    const abandoned = context.counter('kv_cache.layer.batches_abandoned');
    const batches = new BatchTable(limits, ({ source }, reason) => abandoned.at(source, reason).add(1));
    recordLayers(context, batches);
    recordWaits(context, batches, limits.stallMs);
    recordBatchEnds(context, batches);
    context.every(SWEEP_INTERVAL_MS, () => batches.sweep(context.clock.now()));
  },
};
