export {
  FastRecorder,
  type FastRecorderOptions,
  HISTOGRAM_KINDS,
  type HistogramKind,
} from './fast-recorder.js';
export type { MetricProducer, Scope, TemporalityPreference } from './metric-data.js';
export { createMetricProducer } from './producer.js';
export { StatsCollector, type StatsCounts } from './stats/collect-stats.js';
export { type Forwarding, type ForwardOptions, forwardStats } from './stats/forward-stats.js';
export type { StatsPort } from './stats/port.js';
