/**
 * The closed word lists of the field. Types and metric attributes both come from these arrays, so a word
 * exists in one place only.
 */

/** `l0` device memory, `l1` host memory, `l2` storage or remote. */
export const TIERS = ['l0', 'l1', 'l2'] as const;
export type Tier = (typeof TIERS)[number];

/** Why blocks became readable in a tier. */
export const STORE_CAUSES = ['computed', 'offloaded', 'onboarded', 'unknown'] as const;
export type StoreCause = (typeof STORE_CAUSES)[number];

/** Who read the blocks; `internal` is the store's own lock traffic and never counts as a reuse. */
export const ACCESSORS = ['request', 'internal'] as const;
export type Accessor = (typeof ACCESSORS)[number];

/** Why blocks left a tier. */
export const EVICTION_REASONS = ['capacity', 'expired', 'deleted', 'temporary', 'cleared'] as const;
export type EvictionReason = (typeof EVICTION_REASONS)[number];

/** Towards L0 (`load`) or away from it (`dump`). */
export const TASK_OPERATIONS = ['load', 'dump'] as const;
export type TaskOperation = (typeof TASK_OPERATIONS)[number];

/** Where the shards of a task were found. */
export const SHARD_ORIGINS = ['cache', 'backend', 'shared', 'skipped'] as const;
export type ShardOrigin = (typeof SHARD_ORIGINS)[number];

/** What the layerwise connector does with one layer. */
export const LAYER_OPERATIONS = ['load', 'save'] as const;
export type LayerOperation = (typeof LAYER_OPERATIONS)[number];

/** Capacities of which a hit ratio is predicted, as multiples of the tier's own. */
export const CAPACITY_SCALES = ['0.25', '0.5', '1', '2', '4', '8'] as const;
export type CapacityScale = (typeof CAPACITY_SCALES)[number];

export const IO_DIRECTIONS = ['read', 'write'] as const;
export type IoDirection = (typeof IO_DIRECTIONS)[number];

/** What made a piece of work fail. Anything that fits no other word is `_OTHER`. */
export const ERROR_TYPES = [
  'timeout',
  'not_found',
  'no_space',
  'permission_denied',
  'io_error',
  'corrupt',
  'queue_full',
  'aborted',
  '_OTHER',
] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];
