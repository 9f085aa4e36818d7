export type { TraceOptions } from './options.js';
export { RECORD_BYTES, RECORD_KINDS, RECORD_VERSION } from './record.js';
export type { MetricTotals } from './state.js';
export { trace } from './trace.js';
