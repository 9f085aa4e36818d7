/** A publisher's number for a batch. */
export type SequenceFrame = number | 'end' | undefined;

const SEQUENCE_BYTES = 8;
const HALF = 2 ** 32;
const MAX_HIGH = 2 ** 21;
const ALL_ONES = 0xffffffff;

/** Eight bytes, big-endian; `end` for the marker that closes a replay; undefined for what is none or above 2^53. */
export function readSequence(frame: Uint8Array): SequenceFrame {
  if (frame.length !== SEQUENCE_BYTES) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, SEQUENCE_BYTES);
  const high = view.getUint32(0);
  const low = view.getUint32(4);
  if (high === ALL_ONES && low === ALL_ONES) return 'end';
  return high < MAX_HIGH ? high * HALF + low : undefined;
}

/** A sequence number as it stands in a replay request. */
export function writeSequence(sequence: number): Uint8Array {
  const frame = new Uint8Array(SEQUENCE_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint32(0, Math.floor(sequence / HALF));
  view.setUint32(4, sequence % HALF);
  return frame;
}

export interface ReplayReply {
  readonly sequence: number | 'end';
  readonly payload: Uint8Array;
}

/**
 * A reply of a replay endpoint as a DEALER receives it, `[empty][seq][payload]` or with newer publishers
 * `[empty][topic][seq][payload]`: the last two frames are what matters. Undefined when there are none such.
 */
export function readReplayReply(frames: readonly Uint8Array[]): ReplayReply | undefined {
  const payload = frames.at(-1);
  const number = frames.at(-2);
  if (frames.length < 3 || payload === undefined || number === undefined) return undefined;
  const sequence = readSequence(number);
  return sequence === undefined ? undefined : { sequence, payload };
}
