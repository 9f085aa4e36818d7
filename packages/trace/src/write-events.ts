import {
  type BatchId,
  createKeyHash,
  type ErrorType,
  type IoDirection,
  type LayerOperation,
  type Source,
  type SubscriberContext,
  type TaskOperation,
  type Tier,
} from '@kvscope/core';
import * as record from './record.js';
import type { RingWriter } from './ring/ring-writer.js';

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code.
const { FIELD, FLAG, KIND, SPAN } = record;
const { time: TIME } = FIELD;
const FIRST_WORD = FIELD.kind / 4;
const WORDS = record.RECORD_BYTES / 4;
const DOUBLES = record.RECORD_BYTES / 8;

type Timed = { readonly time: number };

/**
 * Writes each event that the view needs as one record. Nothing here allocates, reads a clock or looks at a string's
 * characters, but for the names of batches.
 */
export function writeEvents(context: Pick<SubscriberContext<never>, 'on'>, writer: RingWriter): void {
  const { f64, f32, u32 } = writer.views;
  const batches = batchNumbers();

  const claimed = (place: number, { time }: Timed): number => {
    if (place >= 0) f64[place * DOUBLES + TIME] = time;
    return place;
  };
  const begin = (event: Timed): number => claimed(writer.claim(), event);
  const beginOf = (batch: number, event: Timed): number => claimed(writer.claimOf(batch), event);
  /** Kind, tier, word and flags are bytes of one word, which is stored at once. */
  const words = (place: number, kind: number, tier: number, word: number, flags: number): void => {
    u32[place * WORDS + FIRST_WORD] = kind | (tier << 8) | (word << 16) | ((flags | writer.shift) << 24);
  };

  context.on('task.finished', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.task, 0, wordCode(event.operation), failedFlag(event.errorType));
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
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.io, tierCode(event.tier), wordCode(event.direction), failedFlag(event.errorType));
    f64[place * DOUBLES + FIELD.bytes] = event.bytes;
    const spans = place * WORDS + FIELD.spans;
    f32[spans + SPAN.start] = event.time - event.startTime;
    f32[spans + SPAN.pickedUp] = since(event.time, event.submittedTime);
    writer.publish(place);
  });
  context.on('lookup.finished', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.lookup, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.blocks;
    u32[place * WORDS + FIELD.part] = event.hits;
    writer.publish(place);
  });
  context.on('block.stored', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.stored, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('block.evicted', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.evicted, tierCode(event.tier), 0, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('block.accessed', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.accessed, tierCode(event.tier), event.by === 'request' ? 0 : 1, 0);
    u32[place * WORDS + FIELD.count] = event.keys.length;
    writer.publish(place);
  });
  context.on('transfer.finished', (event) => {
    const place = begin(event);
    if (place < 0) return;
    words(place, KIND.transfer, tierCode(event.from), tierCode(event.to), failedFlag(event.errorType));
    f64[place * DOUBLES + FIELD.bytes] = event.bytes;
    u32[place * WORDS + FIELD.count] = event.blocks;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('layer.waited', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, event);
    if (place < 0) return;
    words(place, KIND.layerWaited, 0, wordCode(event.operation), event.first ? FLAG.first : 0);
    u32[place * WORDS + FIELD.count] = event.tasks;
    u32[place * WORDS + FIELD.part] = event.layer;
    u32[place * WORDS + FIELD.batch] = batch;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('layer.loaded', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, event);
    if (place < 0) return;
    words(place, KIND.layerLoaded, 0, 0, event.first ? FLAG.first : 0);
    u32[place * WORDS + FIELD.part] = event.layer;
    u32[place * WORDS + FIELD.batch] = batch;
    f32[place * WORDS + FIELD.spans + SPAN.start] = event.time - event.startTime;
    writer.publish(place);
  });
  context.on('batch.finished', (event) => {
    const batch = batches(event.source, event.batch);
    const place = beginOf(batch, event);
    if (place < 0) return;
    words(place, KIND.batch, 0, 0, 0);
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

// Comparisons of short constant strings are comparisons of pointers; a table look-up would hash.

function tierCode(tier: Tier): number {
  return tier === 'l0' ? 0 : tier === 'l1' ? 1 : 2;
}

function wordCode(word: TaskOperation | IoDirection | LayerOperation): number {
  return word === 'load' || word === 'read' ? 0 : 1;
}

function failedFlag(errorType: ErrorType | undefined): number {
  return errorType === undefined ? 0 : FLAG.failed;
}
