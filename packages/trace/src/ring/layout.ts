import { randomInt } from 'node:crypto';
import { RECORD_BYTES } from '../record.js';
import { type RingMemory, ringMemory, webAssembly } from './ring-memory.js';

/*
 * A ring is one SharedArrayBuffer: 512 bytes of control, then the records. Producer and consumer write to cache lines of
 * their own. Counters wrap at 2^32 and are only ever compared by their difference, `(a - b) | 0`.
 */

export const CONTROL_BYTES = 512;
/** Records that a ring has at most. */
export const MOST_RECORDS = 2 ** 20;

/** Places in the control block as int32. */
export const INT = {
  /** Producer: records written. The first word, as {@link RingMemory} has it. */
  head: 0,
  /** Producer: records that found the ring full. */
  dropped: 1,
  /** Producer: events that sampling left out. */
  skipped: 2,
  /** Producer: counts up once a second for as long as it lives. */
  beat: 3,
  /** Consumer: records taken. */
  tail: 16,
  /** The consumer; 0: none, so that a ring never has two. */
  owner: 17,
  /** Consumer: `dropped` and `skipped` as far as they are in the totals. */
  droppedSeen: 18,
  skippedSeen: 19,
  /** Set once, when it is made. */
  thread: 80,
  records: 81,
  /** Tells rings apart, also after one was handed to another drain. */
  id: 82,
} as const;

/** Places in the control block as float64. */
export const FLOAT = {
  /** Consumer: totals that do not wrap. */
  delivered: 16,
  dropped: 17,
  skipped: 18,
  /** Producer, once a second: event-loop delay in ms. */
  loopCount: 24,
  loopP50: 25,
  loopP99: 26,
  loopMax: 27,
  loopAbove: 28,
  /** Producer, once a second while somebody looks: blocks resident in l0, l1, l2, and the limits of the three. */
  resident: 32,
  limit: 35,
} as const;

export interface Ring {
  readonly buffer: SharedArrayBuffer;
  readonly ints: Int32Array;
  readonly floats: Float64Array;
  /** A power of two. */
  readonly records: number;
}

/** A ring as its producer has it. */
export interface ProducedRing extends Ring {
  readonly storeHead: RingMemory['storeHead'];
}

/**
 * @param records a power of two, at most {@link MOST_RECORDS}
 * @param firstSequence where counting starts; for tests of wrapping
 */
export function createRing(records: number, thread: number, firstSequence = 0): ProducedRing {
  const { buffer, storeHead } = ringMemory(CONTROL_BYTES + records * RECORD_BYTES, webAssembly);
  const ring = ringOf(buffer, records);
  ring.ints[INT.records] = records;
  ring.ints[INT.thread] = thread;
  ring.ints[INT.id] = randomInt(2 ** 31);
  ring.ints[INT.head] = firstSequence;
  ring.ints[INT.tail] = firstSequence;
  ring.floats.fill(Number.NaN, FLOAT.loopCount, FLOAT.limit + 3);
  return { ...ring, storeHead };
}

/** A ring that another thread has made. */
export function openRing(buffer: SharedArrayBuffer): Ring {
  return ringOf(buffer, new Int32Array(buffer, 0, CONTROL_BYTES / 4)[INT.records] as number);
}

function ringOf(buffer: SharedArrayBuffer, records: number): Ring {
  return {
    buffer,
    ints: new Int32Array(buffer, 0, CONTROL_BYTES / 4),
    floats: new Float64Array(buffer, 0, CONTROL_BYTES / 8),
    records,
  };
}
