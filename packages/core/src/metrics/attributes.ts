import {
  ACCESSORS,
  CAPACITY_SCALES,
  ERROR_TYPES,
  EVICTION_REASONS,
  IO_DIRECTIONS,
  LAYER_OPERATIONS,
  SHARD_ORIGINS,
  STORE_CAUSES,
  TASK_OPERATIONS,
  TIERS,
} from '../vocabulary.js';
import { attribute, openAttribute } from './declaration.js';

/** The attributes that our metrics carry. */
export const tier = attribute('kv_cache.tier', TIERS);
export const storeCause = attribute('kv_cache.store.cause', STORE_CAUSES);
export const accessBy = attribute('kv_cache.access.by', ACCESSORS);
export const evictionReason = attribute('kv_cache.eviction.reason', EVICTION_REASONS);
export const lookupResult = attribute('kv_cache.lookup.result', ['hit', 'miss']);
export const blockState = attribute('kv_cache.block.state', ['evictable', 'pinned', 'unknown']);
export const trackingState = attribute('kv_cache.tracking.state', ['resident', 'ghost']);
const UNTRACKED_REASON = 'kv_cache.untracked.reason';
export const untrackedReason = attribute(UNTRACKED_REASON, ['limit', 'age', 'reset']);
export const sampleUntrackedReason = attribute(UNTRACKED_REASON, ['limit', 'reset']);
export const capacityScale = attribute('kv_cache.capacity.scale', CAPACITY_SCALES);
/** As the subscriber calls itself. */
export const subscriberName = openAttribute('kv_cache.subscriber.name', 256);

export const sourceTier = attribute('kv_cache.source_tier', TIERS);
export const destinationTier = attribute('kv_cache.destination_tier', TIERS);
export const ioDirection = attribute('kv_cache.io.direction', IO_DIRECTIONS);
export const shardOrigin = attribute('kv_cache.shard.origin', SHARD_ORIGINS);
export const layerPosition = attribute('kv_cache.layer.position', ['first', 'rest']);

/** One attribute; each metric allows the operations it can be about. */
const OPERATION_NAME = 'kv_cache.operation.name';
export const taskOperation = attribute(OPERATION_NAME, TASK_OPERATIONS);
export const loadOperation = attribute(OPERATION_NAME, ['load']);
export const dumpOperation = attribute(OPERATION_NAME, ['dump']);
export const layerOperation = attribute(OPERATION_NAME, LAYER_OPERATIONS);

const ABANDON_REASON = 'kv_cache.abandon.reason';
export const requestAbandonReason = attribute(ABANDON_REASON, ['aborted', 'age', 'limit']);
export const batchAbandonReason = attribute(ABANDON_REASON, ['age', 'limit']);

/** The failures of a metric that counts failures only. */
export const failureType = attribute('error.type', ERROR_TYPES);
/** Absent from what succeeded. */
export const errorType = attribute('error.type', ERROR_TYPES, 'on failure');
/** As the source names it. */
export const backendName = openAttribute('kv_cache.backend.name', 16);
