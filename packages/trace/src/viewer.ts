/** For those who look at a traced process from outside. */
export { addDistributions, type DistributionState, quantileOf } from './aggregation/distribution.js';
export { tcpConnections } from './connections.js';
export { HOT_LOOP_MS } from './loop-delay.js';
export {
  type LoopState,
  type OperationState,
  type ProducerState,
  STAGES,
  type StageName,
  type TraceState,
} from './state.js';
export { traceDirectory } from './transport/directory.js';
export { discover, type TracedProcess } from './transport/discover.js';
export type { Hello } from './transport/frames.js';
export {
  attach,
  type RecordBatch,
  type TraceClient,
  type TraceClientHandlers,
} from './transport/trace-client.js';
export { LiveView, type Status, type ViewState } from './view/live-view.js';
export type { Rates } from './view/rates.js';
export { type Cause, type Party, STAGE_TITLES, type Verdict, verdictOf } from './view/verdict.js';
