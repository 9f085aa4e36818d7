export { DEFAULT_NAMES as DEFAULT_SUBSCRIBERS, FLAG_NAMES as SUBSCRIBER_NAMES } from './built-in.js';
export { busHealth } from './bus-health.js';
export {
  AGGREGATIONS,
  type Aggregation,
  type Flag,
  type KvCacheInstrumentationConfig,
  type Plugin,
  plugin,
  type SubscriberFlags,
} from './config.js';
export { type ForwardStatsConfig, forwardStats, type WorkerStats } from './forward-stats.js';
export { KvCacheInstrumentation } from './instrumentation.js';
