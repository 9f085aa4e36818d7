export { type Bus, type Channel, createBus, type Handler, MAX_SOURCES } from './bus.js';
export { type Clock, systemClock } from './clock.js';
export { intervalMs, requireAmount, requirePart } from './event-checks.js';
export {
  type BatchFinished,
  type BatchId,
  type BlockAccessed,
  type BlockEvicted,
  type BlockKey,
  type BlockReleased,
  type BlockStored,
  EVENT_NAMES,
  type EventMap,
  type EventName,
  type IoFinished,
  type IoTaskFinished,
  type LayerLoaded,
  type LayerSubmitted,
  type LayerWaited,
  type LookupFinished,
  type RequestAborted,
  type RequestChunk,
  type ShardOrigins,
  type ShardWaited,
  type SourceReset,
  type TaskFinished,
  type TierCleared,
  type TransferFinished,
  type WindowEvent,
} from './events.js';
export { getBus } from './global-bus.js';
export { createKeyCheck, createKeyHash, type KeyHash } from './hash.js';
export { BANDWIDTH, BYTES, COUNT, LATENCY, RESIDENCY, SHARE, WAIT } from './metrics/boundaries.js';
export { busMetrics } from './metrics/bus.js';
export {
  type AttributeDeclaration,
  type AttributeValues,
  attribute,
  defineMetrics,
  type InstrumentKind,
  type MetricDeclaration,
  type MetricFamily,
  type MetricSet,
  openAttribute,
  type Presence,
} from './metrics/declaration.js';
export { layerwiseMetrics } from './metrics/layerwise.js';
export { lifecycleMetrics } from './metrics/lifecycle.js';
export { REGISTRY } from './metrics/registry.js';
export { reuseMetrics } from './metrics/reuse.js';
export { shardMetrics } from './metrics/shards.js';
export {
  SOURCE_ERROR_KINDS,
  SOURCE_EVENT_TYPES,
  type SourceErrorKind,
  type SourceEventType,
  sourceMetrics,
} from './metrics/source.js';
export { transferMetrics } from './metrics/transfer.js';
export { OpenWork, type Work, type WorkEnds, type WorkLimits } from './open-work.js';
export { attributeSetsOf } from './recording/attribute-sets.js';
export { createMeterRecorder, type MeterRecorder } from './recording/meter-recorder.js';
export { type Collect, type ObservedMetrics, observedTotals } from './recording/observed-totals.js';
export type { AttributeSet, BoundCounter, BoundHistogram, Recorder, Report } from './recording/recorder.js';
export { type Series, SeriesTable } from './recording/series.js';
export { createSampler, DEFAULT_SAMPLE_RATE, DEFAULT_SAMPLE_SEED, type Sampler } from './sampling.js';
export {
  type ActiveTransfers,
  type AttributeValue,
  createSource,
  MAX_SOURCE_ATTRIBUTES,
  type Occupancy,
  type Source,
  type SourceOptions,
  type TierOccupancy,
} from './source.js';
export { DEFAULT_STALL_THRESHOLD } from './stall.js';
export {
  type Observe,
  type RunningSubscriber,
  type Subscriber,
  type SubscriberContext,
  type SubscriberEnvironment,
  startSubscriber,
} from './subscriber.js';
export { integerOption, numberOption, requireFields, requireThat } from './validation.js';
export {
  ACCESSORS,
  type Accessor,
  CAPACITY_SCALES,
  type CapacityScale,
  ERROR_TYPES,
  type ErrorType,
  EVICTION_REASONS,
  type EvictionReason,
  IO_DIRECTIONS,
  type IoDirection,
  LAYER_OPERATIONS,
  type LayerOperation,
  SHARD_ORIGINS,
  type ShardOrigin,
  STORE_CAUSES,
  type StoreCause,
  TASK_OPERATIONS,
  type TaskOperation,
  TIERS,
  type Tier,
} from './vocabulary.js';
