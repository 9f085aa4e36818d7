import { busMetrics } from './bus.js';
import type { MetricFamily } from './declaration.js';
import { layerwiseMetrics } from './layerwise.js';
import { lifecycleMetrics } from './lifecycle.js';
import { reuseMetrics } from './reuse.js';
import { shardMetrics } from './shards.js';
import { sourceMetrics } from './source.js';
import { transferMetrics } from './transfer.js';

/** Every metric that kvscope publishes, by the subscriber that records it. */
export const REGISTRY: readonly MetricFamily[] = Object.freeze([
  lifecycleMetrics,
  shardMetrics,
  transferMetrics,
  layerwiseMetrics,
  reuseMetrics,
  busMetrics,
  sourceMetrics,
]);
