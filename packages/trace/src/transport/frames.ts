/*
 * The protocol between a traced process and its viewers, version 1, over a unix socket.
 *
 * A viewer sends one line of JSON, such as {"want":"state"} or {"want":"records","ring":7}. The process sends frames, little
 * endian: u32 length of the payload, u8 type, u8 version, u16 0, then the payload.
 *
 *   1 hello     JSON: who speaks, see Hello. The first frame, sent before the viewer's line is read
 *   2 state     JSON: a TraceState
 *   3 records   u32 sequence number of the first record, u32 number of records, f64 records offered to this viewer so
 *               far, f64 records dropped of those, then the records
 *   4 bye       JSON: {"reason": ...}: nothing follows
 */

export const PROTOCOL_VERSION = 1;
export const FRAME_HEAD_BYTES = 8;
export const RECORDS_HEAD_BYTES = 24;
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
export const MAX_REQUEST_BYTES = 256;

/** The reason of a bye that needs no explanation. */
export const TRACE_ENDED = 'the trace has ended';

export const FRAME = { hello: 1, state: 2, records: 3, bye: 4 } as const;
export type FrameType = (typeof FRAME)[keyof typeof FRAME];

/** What a traced process says of itself. */
export interface Hello {
  readonly protocol: number;
  readonly recordVersion: number;
  readonly recordBytes: number;
  readonly pid: number;
  /** Its command line. */
  readonly title: string;
  /** When tracing began, and the origin of the clock that its times come from. Epoch ms. */
  readonly startTime: number;
  readonly timeOrigin: number;
  /** One for each producing thread; a connection for records is for one of them. */
  readonly rings: readonly { readonly ring: number; readonly thread: number }[];
}

export function encodeFrame(type: FrameType, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt8(type, 4);
  frame.writeUInt8(PROTOCOL_VERSION, 5);
  frame.writeUInt16LE(0, 6);
  frame.set(payload, FRAME_HEAD_BYTES);
  return frame;
}

export function encodeJson(type: FrameType, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value)));
}

export interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

/** Puts frames together from whatever pieces they arrive in. */
export class FrameDecoder {
  #held: Buffer = Buffer.alloc(0);

  /** @throws Error for a frame of another version, or of more than {@link MAX_FRAME_BYTES} */
  *decode(bytes: Buffer): Iterable<Frame> {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#held.length >= FRAME_HEAD_BYTES) {
      const length = this.#held.readUInt32LE(0);
      const version = this.#held.readUInt8(5);
      if (version !== PROTOCOL_VERSION) {
        throw new Error(
          `the process speaks version ${version} of the trace protocol, this is ${PROTOCOL_VERSION}`,
        );
      }
      if (length > MAX_FRAME_BYTES)
        throw new Error(`a frame of ${length} bytes; allowed: ${MAX_FRAME_BYTES}`);
      if (this.#held.length < FRAME_HEAD_BYTES + length) return;
      const payload = this.#held.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + length);
      const type = this.#held.readUInt8(4);
      this.#held = this.#held.subarray(FRAME_HEAD_BYTES + length);
      yield { type, payload };
    }
  }
}
