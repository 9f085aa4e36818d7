import {
  ACCESSORS,
  type BlockKey,
  ERROR_TYPES,
  EVICTION_REASONS,
  type EventMap,
  type EventName,
  IO_DIRECTIONS,
  LAYER_OPERATIONS,
  type Source,
  STORE_CAUSES,
  TASK_OPERATIONS,
  TIERS,
} from '@kvscope/core';
import fc, { type Arbitrary } from 'fast-check';

/** A published event: any of the catalog's, with any value its type allows. */
export type Publication = { readonly [T in EventName]: readonly [type: T, event: EventMap[T]] }[EventName];

const timeMs = fc.oneof(
  // Whole microseconds: `fc.double` has as many numbers below 1 as above, and nearly all events would be at once.
  { weight: 20, arbitrary: fc.nat(2e8).map((us) => us / 1000) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1),
  },
);
const count = fc.nat(100);
const key: Arbitrary<BlockKey> = fc.oneof(
  fc.nat(30),
  fc.bigInt(0n, 30n),
  fc.nat(30).map((n) => `block-${n}`),
);
const keys = fc.array(key, { maxLength: 8 });
const tier = fc.constantFrom(...TIERS);
const optional = <T>(arbitrary: Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const errorType = optional(fc.constantFrom(...ERROR_TYPES));
const id = fc.nat(5).map(String);
const batch = fc.oneof(fc.nat(5), id);

/** Fields of each event without `time` and `source`; what generates undefined is left out of the event. */
const FIELDS: { readonly [T in EventName]: Readonly<Record<string, Arbitrary<unknown>>> } = {
  'block.stored': { tier, keys, cause: fc.constantFrom(...STORE_CAUSES) },
  'block.accessed': { tier, keys, by: fc.constantFrom(...ACCESSORS) },
  'block.released': { tier, keys },
  'block.evicted': { tier, keys, reason: fc.constantFrom(...EVICTION_REASONS) },
  'tier.cleared': { tier: optional(tier), blocks: optional(count) },
  'source.reset': { tier: optional(tier) },
  'lookup.finished': { tier, startTime: timeMs, blocks: fc.integer({ min: 50, max: 100 }), hits: fc.nat(50) },
  'transfer.finished': {
    from: tier,
    to: tier,
    startTime: timeMs,
    blocks: count,
    bytes: count,
    requests: optional(count),
    errorType,
  },
  'request.chunk': {
    requestId: id,
    sessionId: id,
    index: fc.nat(4),
    last: fc.boolean(),
    startTime: timeMs,
    bytes: count,
  },
  'request.aborted': { requestId: id, sessionId: optional(id) },
  'task.finished': {
    operation: fc.constantFrom(...TASK_OPERATIONS),
    submittedTime: timeMs,
    pickedUpTime: optional(timeMs),
    dispatchedTime: optional(timeMs),
    readyTime: optional(timeMs),
    copiedTime: optional(timeMs),
    handedOffTime: optional(timeMs),
    shards: fc.record({ cache: count, backend: count, shared: count, skipped: count }),
    blocks: count,
    bytes: count,
    errorType,
  },
  'shard.waited': { startTime: timeMs },
  'io.finished': {
    tier,
    direction: fc.constantFrom(...IO_DIRECTIONS),
    submittedTime: optional(timeMs),
    startTime: timeMs,
    bytes: count,
    errorType,
  },
  'io.task.finished': { tier, direction: fc.constantFrom(...IO_DIRECTIONS), startTime: timeMs, errorType },
  'layer.submitted': {
    batch,
    layer: fc.nat(5),
    operation: fc.constantFrom(...LAYER_OPERATIONS),
    first: fc.boolean(),
    startTime: timeMs,
    requests: optional(count),
  },
  'layer.waited': {
    batch,
    layer: fc.nat(5),
    operation: fc.constantFrom(...LAYER_OPERATIONS),
    first: fc.boolean(),
    startTime: timeMs,
    tasks: count,
  },
  'layer.loaded': { batch, layer: fc.nat(5), first: fc.boolean(), startTime: timeMs },
  'batch.finished': { batch, saveTailStartTime: optional(timeMs) },
  'window.started': { window: id },
  'window.finished': { window: id },
};

/** Names of the fields that an event of `type` may have. */
export function fieldsOf(type: EventName): readonly string[] {
  return ['time', 'source', ...Object.keys(FIELDS[type])];
}

/** Any event of the catalog, from one of the sources. Its times may be none, and in any order. */
export function anyPublication(sources: readonly Source[]): Arbitrary<Publication> {
  const source = fc.constantFrom(...sources);
  const events = Object.entries(FIELDS).map(([type, fields]) => ({
    // Were these as frequent as the others, next to nothing would live long enough to be measured.
    weight: type === 'tier.cleared' || type === 'source.reset' ? 1 : 10,
    arbitrary: fc.record({ time: timeMs, source, ...fields }).map((event) => {
      const present = Object.entries(event).filter(([, value]) => value !== undefined);
      return [type, Object.fromEntries(present)] as unknown as Publication;
    }),
  }));
  return fc.oneof(...events);
}

/** The times of an event in the order in which the catalog has them pass. */
const TIME_FIELDS = [
  'submittedTime',
  'startTime',
  'pickedUpTime',
  'dispatchedTime',
  'readyTime',
  'copiedTime',
  'handedOffTime',
  'saveTailStartTime',
  'time',
] as const;

/** Any event of the catalog that keeps its contract: its times are finite and in their order. */
export function soundPublication(sources: readonly Source[]): Arbitrary<Publication> {
  return anyPublication(sources).map(([type, event]) => {
    const fields = event as unknown as Readonly<Record<string, number>>;
    const present = TIME_FIELDS.filter((name) => name in fields);
    const times = present
      .map((name) => fields[name] as number)
      .map((time) => (Number.isFinite(time) ? time : 0))
      .sort((a, b) => a - b);
    const ordered = Object.fromEntries(present.map((name, i) => [name, times[i]]));
    return [type, { ...event, ...ordered }] as unknown as Publication;
  });
}
