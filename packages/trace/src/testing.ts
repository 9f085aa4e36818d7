/** For tests and benchmarks that empty rings themselves; nothing here is needed at run time. */
export { openRing } from './ring/layout.js';
export { RingReader } from './ring/ring-reader.js';
export { traceWith } from './trace.js';
