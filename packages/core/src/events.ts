import type { Source } from './source.js';
import type {
  Accessor,
  ErrorType,
  EvictionReason,
  IoDirection,
  LayerOperation,
  StoreCause,
  TaskOperation,
  Tier,
} from './vocabulary.js';

/**
 * Names a block; its identity includes everything that makes the content differ. The number 7, the bigint 7n
 * and the string "7" are three keys. Numbers and bigints (64 bits count) are several times cheaper than strings.
 */
export type BlockKey = number | bigint | string;

/** What every event carries. */
export interface KvCacheEvent {
  /** When it happened; of what took time, when it finished. Fractions are allowed. @unit epoch ms */
  readonly time: number;
  /** The cache instance that the event speaks of. */
  readonly source: Source;
}

/** An event about something that took time. */
export interface TimedEvent extends KvCacheEvent {
  /** When it started. @unit epoch ms */
  readonly startTime: number;
}

/** An event about blocks in one tier. */
export interface BlockEvent extends KvCacheEvent {
  /** The tier that the blocks are in. */
  readonly tier: Tier;
  /** The blocks, distinct within one event. */
  readonly keys: readonly BlockKey[];
}

/** Blocks became readable in a tier (L0: allocated and filled). */
export interface BlockStored extends BlockEvent {
  /** Where they came from. */
  readonly cause: StoreCause;
}

/** A read of blocks finished. */
export interface BlockAccessed extends BlockEvent {
  /** Who read. `internal` is the store's own lock traffic: counted, never a reuse. */
  readonly by: Accessor;
}

/** No request holds the blocks any more; they are still resident. */
export interface BlockReleased extends BlockEvent {}

/** Blocks left a tier. */
export interface BlockEvicted extends BlockEvent {
  /** Why they left. */
  readonly reason: EvictionReason;
}

/** Everything that this source held in a tier, or in all tiers, left. */
export interface TierCleared extends KvCacheEvent {
  /** The tier; absent: all tiers. */
  readonly tier?: Tier;
  /** How many blocks left, where the producer knows. @unit {block} */
  readonly blocks?: number;
}

/**
 * What this source holds is no longer known (restart, unfillable gap): it is forgotten without a histogram
 * value, and counted.
 */
export interface SourceReset extends KvCacheEvent {
  /** The tier; absent: all tiers. */
  readonly tier?: Tier;
}

/**
 * One tier was asked how many of some blocks it holds. A descending lookup publishes one event per tier asked;
 * the blocks that one tier misses are those asked of the next. A lookup retried after a failed allocation is
 * not published again.
 */
export interface LookupFinished extends TimedEvent {
  /** The tier that was asked. */
  readonly tier: Tier;
  /** Blocks asked for. @unit {block} */
  readonly blocks: number;
  /** Blocks of those that the tier holds. @unit {block} */
  readonly hits: number;
}

/** A connector-level movement of blocks between two tiers or two nodes ended. */
export interface TransferFinished extends TimedEvent {
  /** The tier the blocks came from. */
  readonly from: Tier;
  /** The tier the blocks went to. */
  readonly to: Tier;
  /** Blocks really moved; on failure what moved before it. @unit {block} */
  readonly blocks: number;
  /** Bytes really moved; on failure what moved before it. @unit By */
  readonly bytes: number;
  /** Requests served by it. @unit {request} */
  readonly requests?: number;
  /** Present when it failed. */
  readonly errorType?: ErrorType;
}

/**
 * One chunk of a request's cache was sent to another node (prefill to decode). Chunks may overlap and arrive in
 * any order.
 */
export interface RequestChunk extends TimedEvent {
  /** The request; never becomes an attribute. */
  readonly requestId: string;
  /** The session: the same request id in another session is another request. */
  readonly sessionId: string;
  /** Position of the chunk, from 0. */
  readonly index: number;
  /** True on the chunk with the highest index. */
  readonly last: boolean;
  /** Size of the chunk. @unit By */
  readonly bytes: number;
}

/** The request will send nothing more. */
export interface RequestAborted extends KvCacheEvent {
  /** The request. */
  readonly requestId: string;
  /** The session; absent: the request id in every session. */
  readonly sessionId?: string;
}

/** Where the shards of a task were found. */
export interface ShardOrigins {
  /** In the stage's own cache. @unit {shard} */
  readonly cache: number;
  /** Moved from or to the lower tier. @unit {shard} */
  readonly backend: number;
  /** Taken from another task's read of the same shard. @unit {shard} */
  readonly shared: number;
  /** Left out. @unit {shard} */
  readonly skipped: number;
}

/**
 * A task through a store's L1 stage ended; `time` is its last mark. A dump ends when it is handed to the lower
 * tier, not when it is written. A mark is absent when the task failed before it.
 */
export interface TaskFinished extends KvCacheEvent {
  /** Load or dump. */
  readonly operation: TaskOperation;
  /** When it was submitted. @unit epoch ms */
  readonly submittedTime: number;
  /** When a worker took it. @unit epoch ms */
  readonly pickedUpTime?: number;
  /** When its buffers were ready and its work submitted. @unit epoch ms */
  readonly dispatchedTime?: number;
  /** Load only: when its last shard was in L1. @unit epoch ms */
  readonly readyTime?: number;
  /** When its bytes were copied. @unit epoch ms */
  readonly copiedTime?: number;
  /** Dump only: when the lower tier had taken it over. @unit epoch ms */
  readonly handedOffTime?: number;
  /** Where its shards were found. */
  readonly shards: ShardOrigins;
  /** Blocks of the task. @unit {block} */
  readonly blocks: number;
  /** Bytes of the task. @unit By */
  readonly bytes: number;
  /** Present when it failed. */
  readonly errorType?: ErrorType;
}

/** One shard of a load waited for the lower tier. Shards wait side by side: their times never add up. */
export interface ShardWaited extends TimedEvent {}

/** One io call against a tier ended. */
export interface IoFinished extends TimedEvent {
  /** The tier that was read or written. */
  readonly tier: Tier;
  /** Read or write. */
  readonly direction: IoDirection;
  /** When the call was queued. @unit epoch ms */
  readonly submittedTime?: number;
  /** Bytes read or written. @unit By */
  readonly bytes: number;
  /** Present when it failed. */
  readonly errorType?: ErrorType;
}

/** The lower tier finished one task of its own. */
export interface IoTaskFinished extends TimedEvent {
  /** The tier that did the work. */
  readonly tier: Tier;
  /** Read or write. */
  readonly direction: IoDirection;
  /** Present when it failed. */
  readonly errorType?: ErrorType;
}

/** One forward pass's worth of layerwise loading and saving, named by its producer. */
export type BatchId = number | string;

/** An event about one layer of a batch. */
export interface LayerEvent extends TimedEvent {
  /** The batch. */
  readonly batch: BatchId;
  /** The layer, from 0. */
  readonly layer: number;
  /** True on the batch's first layer, which has nothing to hide behind. */
  readonly first: boolean;
}

/** A layer's load or save was submitted; the time is that of the submit call itself. */
export interface LayerSubmitted extends LayerEvent {
  /** Load or save. */
  readonly operation: LayerOperation;
  /** Requests in the batch. @unit {request} */
  readonly requests?: number;
}

/** The compute thread waited until the layer was there (load) or saved. */
export interface LayerWaited extends LayerEvent {
  /** Load or save. */
  readonly operation: LayerOperation;
  /** Tasks that were waited for. @unit {task} */
  readonly tasks: number;
}

/** The layer's load really finished; `startTime` is its submit. */
export interface LayerLoaded extends LayerEvent {}

/** The forward pass and its saves are over. */
export interface BatchFinished extends KvCacheEvent {
  /** The batch. */
  readonly batch: BatchId;
  /** When compute ended and only saves were left. @unit epoch ms */
  readonly saveTailStartTime?: number;
}

/** An event about a measurement window. */
export interface WindowEvent extends KvCacheEvent {
  /** Name of the window. */
  readonly window: string;
}

/** Every event the bus carries, by name. The docstring of its type, or here its own, tells when it is published. */
export interface EventMap {
  'block.stored': BlockStored;
  'block.accessed': BlockAccessed;
  'block.released': BlockReleased;
  'block.evicted': BlockEvicted;
  'tier.cleared': TierCleared;
  'source.reset': SourceReset;
  'lookup.finished': LookupFinished;
  'transfer.finished': TransferFinished;
  'request.chunk': RequestChunk;
  'request.aborted': RequestAborted;
  'task.finished': TaskFinished;
  'shard.waited': ShardWaited;
  'io.finished': IoFinished;
  'io.task.finished': IoTaskFinished;
  'layer.submitted': LayerSubmitted;
  'layer.waited': LayerWaited;
  'layer.loaded': LayerLoaded;
  'batch.finished': BatchFinished;
  /** A measurement window began; warm-up before it is not part of the live view's figures. */
  'window.started': WindowEvent;
  /** A measurement window ended. */
  'window.finished': WindowEvent;
}

export type EventName = keyof EventMap;

/** The names of {@link EventMap}; the record type makes a missing or extra one a compile error. */
const NAMES: Readonly<Record<EventName, true>> = {
  'block.stored': true,
  'block.accessed': true,
  'block.released': true,
  'block.evicted': true,
  'tier.cleared': true,
  'source.reset': true,
  'lookup.finished': true,
  'transfer.finished': true,
  'request.chunk': true,
  'request.aborted': true,
  'task.finished': true,
  'shard.waited': true,
  'io.finished': true,
  'io.task.finished': true,
  'layer.submitted': true,
  'layer.waited': true,
  'layer.loaded': true,
  'batch.finished': true,
  'window.started': true,
  'window.finished': true,
};

export const EVENT_NAMES: readonly EventName[] = Object.freeze(Object.keys(NAMES) as EventName[]);
