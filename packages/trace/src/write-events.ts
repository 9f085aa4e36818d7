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

// What is imported is looked up at each use, and checked; constants of this file are part of the compiled code. Each handler
// reads its event's fields itself: in a function for all of them the place of a field would be looked for.
const { FLAG, KIND, SPAN } = record;
const { time: TIME, bytes: BYTES, count: COUNT, part: PART, batch: BATCH, spans: SPANS } = record.FIELD;
const FIRST_WORD = record.FIELD.kind / 4;
const START = SPANS + SPAN.start;
const PICKED_UP = SPANS + SPAN.pickedUp;
const DISPATCHED = SPANS + SPAN.dispatched;
const READY = SPANS + SPAN.ready;
const COPIED = SPANS + SPAN.copied;
const HANDED_OFF = SPANS + SPAN.handedOff;
const WORDS = record.RECORD_BYTES / 4;
const DOUBLES = record.RECORD_BYTES / 8;

/**
 * Writes each event that the view needs as one record. Nothing here allocates, reads a clock or looks at a string's
 * characters, but for the names of batches.
 */
export function writeEvents(context: Pick<SubscriberContext<never>, 'on'>, writer: RingWriter): void {
  const { f64, f32, u32 } = writer.views;
  const batches = batchNumbers();

  /** Kind, tier, word and flags are bytes of one word, which is stored at once. */
  const describe = (at: number, kind: number, tier: number, word: number, flags: number): void => {
    u32[at + FIRST_WORD] = kind | (tier << 8) | (word << 16) | ((flags | writer.shift) << 24);
  };

  context.on('task.finished', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    const { time } = event;
    f64[place * DOUBLES + TIME] = time;
    describe(at, KIND.task, 0, wordCode(event.operation), failedFlag(event.errorType));
    f64[place * DOUBLES + BYTES] = event.bytes;
    u32[at + COUNT] = event.blocks;
    f32[at + START] = time - event.submittedTime;
    f32[at + PICKED_UP] = since(time, event.pickedUpTime);
    f32[at + DISPATCHED] = since(time, event.dispatchedTime);
    f32[at + READY] = since(time, event.readyTime);
    f32[at + COPIED] = since(time, event.copiedTime);
    f32[at + HANDED_OFF] = since(time, event.handedOffTime);
    writer.publish();
  });
  context.on('io.finished', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.io, tierCode(event.tier), wordCode(event.direction), failedFlag(event.errorType));
    f64[place * DOUBLES + BYTES] = event.bytes;
    f32[at + START] = event.time - event.startTime;
    f32[at + PICKED_UP] = since(event.time, event.submittedTime);
    writer.publish();
  });
  context.on('lookup.finished', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.lookup, tierCode(event.tier), 0, 0);
    u32[at + COUNT] = event.blocks;
    u32[at + PART] = event.hits;
    writer.publish();
  });
  context.on('block.stored', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.stored, tierCode(event.tier), 0, 0);
    u32[at + COUNT] = event.keys.length;
    writer.publish();
  });
  context.on('block.evicted', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.evicted, tierCode(event.tier), 0, 0);
    u32[at + COUNT] = event.keys.length;
    writer.publish();
  });
  context.on('block.accessed', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.accessed, tierCode(event.tier), event.by === 'request' ? 0 : 1, 0);
    u32[at + COUNT] = event.keys.length;
    writer.publish();
  });
  context.on('transfer.finished', (event) => {
    const place = writer.claim();
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.transfer, tierCode(event.from), tierCode(event.to), failedFlag(event.errorType));
    f64[place * DOUBLES + BYTES] = event.bytes;
    u32[at + COUNT] = event.blocks;
    f32[at + START] = event.time - event.startTime;
    writer.publish();
  });
  context.on('layer.waited', (event) => {
    const batch = batches(event.source, event.batch);
    const place = writer.claimOf(batch);
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.layerWaited, 0, wordCode(event.operation), event.first ? FLAG.first : 0);
    u32[at + COUNT] = event.tasks;
    u32[at + PART] = event.layer;
    u32[at + BATCH] = batch;
    f32[at + START] = event.time - event.startTime;
    writer.publish();
  });
  context.on('layer.loaded', (event) => {
    const batch = batches(event.source, event.batch);
    const place = writer.claimOf(batch);
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.layerLoaded, 0, 0, event.first ? FLAG.first : 0);
    u32[at + PART] = event.layer;
    u32[at + BATCH] = batch;
    f32[at + START] = event.time - event.startTime;
    writer.publish();
  });
  context.on('batch.finished', (event) => {
    const batch = batches(event.source, event.batch);
    const place = writer.claimOf(batch);
    if (place < 0) return;
    const at = place * WORDS;
    f64[place * DOUBLES + TIME] = event.time;
    describe(at, KIND.batch, 0, 0, 0);
    u32[at + BATCH] = batch;
    f32[at + START] = since(event.time, event.saveTailStartTime);
    writer.publish();
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
