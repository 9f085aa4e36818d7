/*
 * The trace record, version 1: 64 bytes, little endian, all fields aligned. One event is one record, so that a task is in
 * the trace whole or not at all. docs/trace.md describes it for other readers; a change of meaning makes a new version.
 *
 *   byte  type     field
 *      0  f64      time: when it happened or finished, epoch ms
 *      8  f64      bytes
 *     16  u8       kind, see RECORD_KINDS
 *     17  u8       tier 0-2; of a transfer the tier it came from
 *     18  u8       word: of a task 0 load, 1 dump; of io 0 read, 1 write; of a layer 0 load, 1 save; of a transfer the tier
 *                  it went to
 *     19  u8       flags: bits 0-3 sampling shift s (stands for 2^s events), bit 6 first layer, bit 7 failed
 *     20  u32      count: blocks, keys, or tasks waited for
 *     24  u32      part: hits of a lookup, layer number of a layer
 *     28  u32      batch: hash of a batch's name and source
 *     32  f32 x 6  spans: milliseconds from a mark to `time`; not a number where there is no such mark
 *     56  u32      producer's thread
 *     60  u32      sequence: number of the record in its ring, modulo 2^32
 *
 * The last two follow from where a record lies, so that the producer leaves them out: they are filled in when it is sent.
 */

export const RECORD_VERSION = 1;
export const RECORD_BYTES = 64;

/** The kinds of records by number, which is their place here. */
export const RECORD_KINDS = [
  'task',
  'io',
  'lookup',
  'stored',
  'evicted',
  'accessed',
  'transfer',
  'layer waited',
  'layer loaded',
  'batch',
] as const;

export const KIND = {
  task: 0,
  io: 1,
  lookup: 2,
  stored: 3,
  evicted: 4,
  accessed: 5,
  transfer: 6,
  layerWaited: 7,
  layerLoaded: 8,
  batch: 9,
} as const;

/** Offsets of the fields, in units of their type. */
export const FIELD = {
  /** f64 */
  time: 0,
  bytes: 1,
  /** u8 */
  kind: 16,
  tier: 17,
  word: 18,
  flags: 19,
  /** u32 */
  count: 5,
  part: 6,
  batch: 7,
  thread: 14,
  sequence: 15,
  /** f32 */
  spans: 8,
} as const;

/** The marks that spans run from, by their place; for anything but a task only the first two are used. */
export const SPAN = { start: 0, pickedUp: 1, dispatched: 2, ready: 3, copied: 4, handedOff: 5 } as const;

export const FLAG = { shift: 0x0f, first: 0x40, failed: 0x80 } as const;

/** The same bytes as arrays of each type that a record has. */
export interface RecordViews {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

export function recordViews(buffer: ArrayBufferLike, byteOffset = 0, records?: number): RecordViews {
  const bytes = records === undefined ? buffer.byteLength - byteOffset : records * RECORD_BYTES;
  return {
    f64: new Float64Array(buffer, byteOffset, bytes / 8),
    f32: new Float32Array(buffer, byteOffset, bytes / 4),
    u32: new Uint32Array(buffer, byteOffset, bytes / 4),
    u8: new Uint8Array(buffer, byteOffset, bytes),
  };
}
