import {
  ACCESSORS,
  ERROR_TYPES,
  EVICTION_REASONS,
  type EventMap,
  type EventName,
  IO_DIRECTIONS,
  LAYER_OPERATIONS,
  STORE_CAUSES,
  TASK_OPERATIONS,
  TIERS,
} from '@kvscope/core';

/** What a field of a line may hold. */
export type FieldCheck =
  | 'time'
  | 'count'
  | 'text'
  | 'boolean'
  | 'batch'
  | 'keys'
  | 'shards'
  | { readonly words: readonly string[] };

type Optional<T> = { [F in keyof T]-?: undefined extends T[F] ? F : never }[keyof T];
type Common = 'time' | 'source';

interface EventFields<E> {
  readonly required: { readonly [F in Exclude<keyof E, Optional<E> | Common>]: FieldCheck };
  readonly optional: { readonly [F in Exclude<Optional<E>, Common>]: FieldCheck };
}

const tier = { words: TIERS };
const errorType = { words: ERROR_TYPES };
const direction = { words: IO_DIRECTIONS };
const layerOperation = { words: LAYER_OPERATIONS };
const taskOperation = { words: TASK_OPERATIONS };
const startTime = 'time';
const NOTHING = {};

/** The fields of every event besides `time` and `source`; the type makes a missing or extra one a compile error. */
export const EVENT_FIELDS: { readonly [T in EventName]: EventFields<EventMap[T]> } = {
  'block.stored': { required: { tier, keys: 'keys', cause: { words: STORE_CAUSES } }, optional: NOTHING },
  'block.accessed': { required: { tier, keys: 'keys', by: { words: ACCESSORS } }, optional: NOTHING },
  'block.released': { required: { tier, keys: 'keys' }, optional: NOTHING },
  'block.evicted': {
    required: { tier, keys: 'keys', reason: { words: EVICTION_REASONS } },
    optional: NOTHING,
  },
  'tier.cleared': { required: NOTHING, optional: { tier, blocks: 'count' } },
  'source.reset': { required: NOTHING, optional: { tier } },
  'lookup.finished': { required: { tier, blocks: 'count', hits: 'count', startTime }, optional: NOTHING },
  'transfer.finished': {
    required: { from: tier, to: tier, startTime, blocks: 'count', bytes: 'count' },
    optional: { requests: 'count', errorType },
  },
  'request.chunk': {
    required: {
      requestId: 'text',
      sessionId: 'text',
      index: 'count',
      last: 'boolean',
      startTime,
      bytes: 'count',
    },
    optional: NOTHING,
  },
  'request.aborted': { required: { requestId: 'text' }, optional: { sessionId: 'text' } },
  'task.finished': {
    required: {
      operation: taskOperation,
      submittedTime: 'time',
      shards: 'shards',
      blocks: 'count',
      bytes: 'count',
    },
    optional: {
      pickedUpTime: 'time',
      dispatchedTime: 'time',
      readyTime: 'time',
      copiedTime: 'time',
      handedOffTime: 'time',
      errorType,
    },
  },
  'shard.waited': { required: { startTime }, optional: NOTHING },
  'io.finished': {
    required: { tier, direction, startTime, bytes: 'count' },
    optional: { submittedTime: 'time', errorType },
  },
  'io.task.finished': { required: { tier, direction, startTime }, optional: { errorType } },
  'layer.submitted': {
    required: { batch: 'batch', layer: 'count', operation: layerOperation, first: 'boolean', startTime },
    optional: { requests: 'count' },
  },
  'layer.waited': {
    required: {
      batch: 'batch',
      layer: 'count',
      operation: layerOperation,
      first: 'boolean',
      startTime,
      tasks: 'count',
    },
    optional: NOTHING,
  },
  'layer.loaded': {
    required: { batch: 'batch', layer: 'count', first: 'boolean', startTime },
    optional: NOTHING,
  },
  'batch.finished': { required: { batch: 'batch' }, optional: { saveTailStartTime: 'time' } },
  'window.started': { required: { window: 'text' }, optional: NOTHING },
  'window.finished': { required: { window: 'text' }, optional: NOTHING },
};
