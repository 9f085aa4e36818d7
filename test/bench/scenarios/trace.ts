/*
 * What the trace costs the thread that publishes. The ring is emptied between runs, by nobody and without being looked at:
 * a drain in a thread of its own would drop and sample under such a load, and that would be cheaper.
 */
import { createBus, createSampler, createSource, startSubscriber, systemClock } from '@kvscope/core';
import { MemoryRecorder } from '@kvscope/core/testing';
import { openRing, RingReader, traceWith } from '@kvscope/trace/testing';
import { type Comparison, compare } from '../comparison.js';
import { measure } from './shapes.js';

const RECORDS = 16_384;

function traced() {
  const bus = createBus();
  let ring: SharedArrayBuffer | undefined;
  const subscriber = traceWith({
    openDrain: (data) => {
      ring = data.ring;
      return { tell: () => undefined };
    },
    measureLoop: () => ({ write: () => undefined, reset: () => undefined, stop: () => undefined }),
  });
  const environment = { bus, clock: systemClock, recorder: new MemoryRecorder(), sampler: createSampler() };
  startSubscriber(subscriber, environment, { ringRecords: RECORDS });
  const reader = new RingReader(openRing(ring as SharedArrayBuffer));
  return { bus, source: createSource({}, bus), empty: () => void reader.take(() => undefined) };
}

/** A record of the same size as one might write it first: a Buffer, and its time as an integer. */
function bufferPeer(): () => void {
  const buffer = Buffer.alloc(RECORDS * 64);
  let time = 1_700_000_000_000_000n;
  return () => {
    for (let i = 0; i < RECORDS; i++) {
      buffer.writeBigUInt64LE(time++, i * 64);
      buffer.writeUInt32LE(i, i * 64 + 16);
    }
  };
}

/** Apart, so that the loop is compiled for itself: what follows it in one function would throw its code away each time. */
function thenEmpty(write: () => void, empty: () => void): () => void {
  return () => {
    write();
    empty();
  };
}

const START = 1_700_000_000_000;
/** Events that are published in turn. So few, since an event that was just made is in the caches as well. */
const EVENTS = 256;

function lookups() {
  const { bus, source, empty } = traced();
  const channel = bus.channel('lookup.finished');
  const events = Array.from({ length: EVENTS }, (_, i) => {
    return { source, tier: 'l1', blocks: 16, hits: i % 16, startTime: START + i, time: START + i } as const;
  });
  return thenEmpty(() => {
    for (let round = 0; round < RECORDS / EVENTS; round++) for (const event of events) channel.publish(event);
  }, empty);
}

function timedLookups() {
  const { bus, source, empty } = traced();
  const channel = bus.channel('lookup.finished');
  return thenEmpty(() => {
    for (let i = 0; i < RECORDS; i++) {
      const time = systemClock.now();
      channel.publish({ source, tier: 'l1', blocks: 16, hits: i % 16, startTime: time, time });
    }
  }, empty);
}

function tasks() {
  const { bus, source, empty } = traced();
  const channel = bus.channel('task.finished');
  const events = Array.from({ length: EVENTS }, (_, i) => {
    const time = START + i;
    return {
      source,
      time,
      operation: i % 2 === 0 ? ('load' as const) : ('dump' as const),
      submittedTime: time - 20,
      pickedUpTime: time - 19,
      dispatchedTime: time - 17,
      readyTime: time - 10,
      copiedTime: time,
      shards: { cache: 0, backend: 1, shared: 0, skipped: 0 },
      blocks: 3,
      bytes: 4096,
    };
  });
  return thenEmpty(() => {
    for (let round = 0; round < RECORDS / EVENTS; round++) for (const event of events) channel.publish(event);
  }, empty);
}

function traceShape(what: string, budget: number, make: () => () => void): Promise<Comparison> {
  return compare({
    what: `trace, published and written: ${what}`,
    peerName: 'Buffer.writeBigUInt64LE and one word',
    budget,
    perCall: RECORDS,
    ours: make(),
    peer: bufferPeer(),
  });
}

await measure<'trace'>({
  'time given': () => traceShape('record with the time given', 15, lookups),
  'own clock': () => traceShape('record with a clock read of its own', 75, timedLookups),
  'whole task': () => traceShape('whole task', 25, tasks),
});
