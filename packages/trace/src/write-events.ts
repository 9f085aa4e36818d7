import { type BatchId, createKeyHash, type Source, type SubscriberContext } from '@kvscope/core';
import { FIELD, FLAG, failedFlag, KIND, RECORD_BYTES, SPAN, tierCode, wordCode } from './record.js';
import type { RingWriter } from './ring/ring-writer.js';

const WORDS = RECORD_BYTES / 4;
const DOUBLES = RECORD_BYTES / 8;

type Timed = { readonly time: number };

/**
 * Writes each event that the view needs as one record. Nothing here allocates, reads a clock or looks at a string's
 * characters, but for the names of batches.
 */
export function writeEvents(context: Pick<SubscriberContext<never>, 'on'>, writer: RingWriter): void {
  const { f64, f32, u32, u8 } = writer.views;
  const batches = batchNumbers();

  const begin = (kind: number, event: Timed): number => started(writer.claim(), kind, event);
  const beginOf = (batch: number, kind: number, event: Timed): number =>
    started(writer.claimOf(batch), kind, event);
  const started = (place: number, kind: number, event: Timed): number => {
    if (place < 0) return place;
    f64[place * DOUBLES + FIELD.time] = event.time;
    u8[place * RECORD_BYTES + FIELD.kind] = kind;
    return place;
  };
  const words = (place: number, tier: number, word: number, flags: number): void => {
    const at = place * RECORD_BYTES;
    u8[at + FIELD.tier] = tier;
    u8[at + FIELD.word] = word;
    u8[at + FIELD.flags] = flags | writer.shift;
  };

  context.on('task.finished', (event) => {
    const place = begin(KIND.task, event);
    if (place < 0) return;
    words(place, 0, wordCode(event.operation), failedFlag(event.errorType));
    f64[place * DOUBLES + FIELD.bytes] = event.bytes;
    u32[place * WORDS + FIELD.count] = event.blocks;
    const { time } = event;
    const spans = place * WORDS + FIELD.spans;
    f32[spans + SPAN.start] = time - event.submittedTime;
    f32[spans + SPAN.pickedUp] = since(time, event.pickedUpTime);
    f32[spans + SPAN.dispatched] = since(time, event.dispatchedTime);
    f32[spans + SPAN.ready] = since(time, event.readyTime);
    f32[spans + SPAN.copied] = since(time, event.copiedTime);
    f32[spans + SPAN.handedOff] = since(time, event.handedOffTime);
    writer.publish(place);
  });
  context.on('io.finished', (event) => {
    const place = begin(KIND.io, event);
    if (place < 0) return;
    words(place, tierCode(event.tier), wordCode(event.direction), failedFlag(event.errorType));
    f64[place * DOUBLES + FIELD.bytes] = event.bytes;
    const spans = place * WORDS + FIELD.spans;
    f32[spans + SPAN.start] = event.time - event.startTime;
    f32[spans + SPAN.pickedUp] = since(event.time, event.submittedTime);
    writer.publish(place);
  });
  context.on('lookup.finished', (event) => {
    const place = begin(KIND.lookup, event);
    if (place < 0) return;
    words(place, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.blocks;
    u32[place * WORDS + FIELD.part] = event.hits;
    writer.publish(place);
  });
  context.on('block.stored', (event) => {
    const place = begin(KIND.stored, event);
    if (place < 0) return;
    words(place, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('block.evicted', (event) => {
    const place = begin(KIND.evicted, event);
    if (place < 0) return;
    words(place, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('block.accessed', (event) => {
    const place = begin(KIND.accessed, event);
    if (place < 0) return;
    words(place, tierCode(event.tier), event.by === 'request' ? 0 : 1, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('transfer.finished', (event) => {
    const place = begin(KIND.transfer, event);
    if (place < 0) return;
    words(place, tierCode(event.from), tierCode(event.to), failedFlag(event.errorType));
    f64[place * DOUBLES + FIELD.bytes] = event.bytes;
    u32[place * WORDS + FIELD.count] = event.blocks;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('layer.waited', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, KIND.layerWaited, event);
    if (place < 0) return;
    words(place, 0, wordCode(event.operation), event.first ? FLAG.first : 0);
    u32[place * WORDS + FIELD.count] = event.tasks;
    u32[place * WORDS + FIELD.part] = event.layer;
    u32[place * WORDS + FIELD.batch] = batch;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('layer.loaded', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, KIND.layerLoaded, event);
    if (place < 0) return;
    words(place, 0, 0, event.first ? FLAG.first : 0);
    u32[place * WORDS + FIELD.part] = event.layer;
    u32[place * WORDS + FIELD.batch] = batch;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('batch.finished', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, KIND.batch, event);
    if (place < 0) return;
    words(place, 0, 0, 0);
    u32[place * WORDS + FIELD.batch] = batch;
    f32[place * WORDS + FIELD.spans + SPAN.start] = since(event.time, event.saveTailStartTime);
    writer.publish(place);
  });
}

/** Milliseconds since a mark; not a number where there is none. */
function since(time: number, mark: number | undefined): number {
  return mark === undefined ? Number.NaN : time - mark;
}

/** Tells batches of the same name in different sources apart. */
function batchNumbers(): (source: Source, batch: BatchId) => number {
  const hash = createKeyHash(0);
  const salts = new WeakMap<Source, number>();
  let lastSource: Source | undefined;
  let lastSalt = 0;
  let sources = 0;
  return (source, batch) => {
    if (source !== lastSource) {
      const known = salts.get(source) ?? Math.imul(++sources, 0x9e3779b1);
      salts.set(source, known);
      lastSource = source;
      lastSalt = known;
    }
    return (hash(batch) ^ lastSalt) >>> 0;
  };
}
