export { formatSnapshot } from './format-snapshot.js';
export { intervalLog } from './interval-log.js';
export type { IntervalLogOptions } from './options.js';
export {
  type IntervalSnapshot,
  isEmpty,
  type LookupTotals,
  mergeSnapshots,
  type StallTotals,
  type TransferTotals,
} from './snapshot.js';
