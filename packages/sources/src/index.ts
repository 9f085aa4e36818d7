export type { Capture, CapturedEvent, Skip } from './capture/captured-event.js';
export {
  CAPTURE_FORMATS,
  type CaptureFormat,
  type DecodeCaptureOptions,
  decodeCapture,
} from './capture/decode-capture.js';
export { type Deadline, deadline } from './deadline.js';
export type { DecodedBatch, EventKind } from './decode/decoded-batch.js';
export { DIALECT_NAMES, type DialectName } from './decode/engine/dialect.js';
export { EngineDecoder } from './decode/engine/engine-decoder.js';
export { type DecodeLimits, decodeLimits } from './decode/limits.js';
export { generateRequestTrace } from './generator/generate-request-trace.js';
export type { GeneratorOptions } from './generator/generator-options.js';
export { SAMPLE_OPTIONS, SAMPLE_PATH, SAMPLE_TIERS } from './generator/sample.js';
export { AllocationIngest, type AllocationOptions } from './ingest/allocations/allocation-ingest.js';
export type { BlockBudget } from './ingest/block-budget.js';
export { EngineIngest } from './ingest/engine-ingest.js';
export { createBlockBudget, DEFAULT_MAX_BLOCKS, type IngestOptions } from './ingest/ingest-options.js';
export { TrtllmIngest } from './ingest/trtllm-ingest.js';
export { type FollowedFile, type FollowOptions, followFile } from './lines/follow-file.js';
export type { LineSourceOptions, LineTarget } from './lines/line-options.js';
export { type LineAddress, type LineListener, listenForLines } from './lines/listen-for-lines.js';
export { readLines } from './lines/read-lines.js';
export { PublisherStatistics } from './monitor/publisher-statistics.js';
export { MAX_PUBLISHERS, SourceMonitor } from './monitor/source-monitor.js';
export { sourceSubscriber } from './monitor/source-subscriber.js';
export { EventLineEncoder } from './ndjson/encode-line.js';
export { LineIngest, type LineIngestOptions } from './ndjson/line-ingest.js';
export { MAX_LINE_SOURCES } from './ndjson/line-sources.js';
export { type OpenedTrace, openTrace } from './recording/open-trace.js';
export {
  type EventReplayOptions,
  type EventReplayResult,
  replayEvents,
} from './recording/replay-events.js';
export { LEAST_SPEED, MOST_SPEED, type Wait } from './replay/pacing.js';
export { type ReplayOptions, type ReplayResult, replay } from './replay/replay.js';
export { MAX_CAPACITY, type TierCapacities, TieredLru } from './replay/tiered-lru.js';
export {
  type ReadRequestTraceOptions,
  type RequestTrace,
  readRequestTrace,
} from './request-trace/read-request-trace.js';
export type { TraceInput } from './request-trace/trace-bytes.js';
export { type MalformedLine, TraceFormatError, TraceReadError } from './request-trace/trace-errors.js';
export { BLOCK_TOKENS, formatRequest, type TraceRequest } from './request-trace/trace-request.js';
export type { SequenceOptions } from './sequence/sequence-tracker.js';
export { BatchQueue, type QueueLimits } from './transport/batch-queue.js';
export { publisherBinds, rankEndpoint } from './transport/endpoint.js';
export type { EngineOptions, SourceEnvironment } from './transport/engine-options.js';
export { type EngineSource, openEngineSource } from './transport/engine-source.js';
export { openTrtllmSource, type TrtllmOptions, type TrtllmSource } from './transport/trtllm-source.js';
export { ZeromqMissingError } from './transport/zeromq-module.js';
