import type { Socket } from 'node:net';
import { FIELD, RECORD_BYTES } from '../record.js';
import { INT, type Ring } from '../ring/layout.js';
import type { RingSegment } from '../ring/ring-reader.js';
import { encodeFrame, encodeJson, FRAME, MAX_REQUEST_BYTES, RECORDS_HEAD_BYTES } from './frames.js';

/** Bytes that may wait for a slow viewer; what comes on top is dropped whole and counted. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024;
/** So that a frame is never larger than a viewer takes. */
const MAX_RECORDS_PER_FRAME = 8192;

type Want = { readonly kind: 'state' } | { readonly kind: 'records'; readonly ring: number };

/** One viewer of this process. */
export class ViewerConnection {
  readonly socket: Socket;
  /** Undefined until it has said so. */
  want: Want | undefined;
  /** Records for it, and those of them that it was too slow for. */
  offered = 0;
  dropped = 0;
  /** States that it was too slow for. */
  missed = 0;
  #request = '';

  /** @param asked called once it has said what it wants */
  constructor(socket: Socket, asked: (viewer: ViewerConnection) => void) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      if (this.want !== undefined) return;
      this.#request += text;
      const end = this.#request.indexOf('\n');
      if (end < 0 && this.#request.length <= MAX_REQUEST_BYTES) return;
      this.want = wantOf(this.#request.slice(0, Math.max(0, end)));
      this.#request = '';
      if (this.want === undefined)
        this.bye('a request is one line: {"want":"state"} or {"want":"records","ring":N}');
      else asked(this);
    });
  }

  sendState(frame: Buffer): void {
    if (this.#mayWait(frame.length)) this.socket.write(frame);
    else this.missed++;
  }

  sendRecords(ring: Ring, { views, first, count, sequence }: RingSegment): void {
    if (this.want?.kind !== 'records' || ring.ints[INT.id] !== this.want.ring) return;
    for (let sent = 0; sent < count; sent += MAX_RECORDS_PER_FRAME) {
      const some = Math.min(MAX_RECORDS_PER_FRAME, count - sent);
      const start = (first + sent) * RECORD_BYTES;
      const bytes = views.u8.subarray(start, start + some * RECORD_BYTES);
      this.#sendRun(bytes, some, (sequence + sent) >>> 0, ring.ints[INT.thread] as number);
    }
  }

  /** Tells how many records there were in all, also when the last ones were dropped. */
  sendRecordCounts(): void {
    if (this.want?.kind === 'records') this.socket.write(this.#recordsFrame(new Uint8Array(0), 0, 0, 0));
  }

  bye(reason: string): void {
    this.socket.end(encodeJson(FRAME.bye, { reason }));
  }

  #sendRun(bytes: Uint8Array, count: number, sequence: number, thread: number): void {
    this.offered += count;
    if (!this.#mayWait(bytes.length)) {
      this.dropped += count;
      return;
    }
    this.socket.write(this.#recordsFrame(bytes, count, sequence, thread));
  }

  #recordsFrame(bytes: Uint8Array, count: number, sequence: number, thread: number): Buffer {
    const payload = Buffer.allocUnsafe(RECORDS_HEAD_BYTES + bytes.length);
    payload.writeUInt32LE(sequence, 0);
    payload.writeUInt32LE(count, 4);
    payload.writeDoubleLE(this.offered, 8);
    payload.writeDoubleLE(this.dropped, 16);
    payload.set(bytes, RECORDS_HEAD_BYTES);
    for (let i = 0; i < count; i++) {
      const at = RECORDS_HEAD_BYTES + i * RECORD_BYTES;
      payload.writeUInt32LE(thread, at + FIELD.thread * 4);
      payload.writeUInt32LE((sequence + i) >>> 0, at + FIELD.sequence * 4);
    }
    return encodeFrame(FRAME.records, payload);
  }

  #mayWait(bytes: number): boolean {
    return !this.socket.destroyed && this.socket.writableLength + bytes <= MAX_WAITING_BYTES;
  }
}

function wantOf(line: string): Want | undefined {
  try {
    const { want, ring } = JSON.parse(line) as { want?: unknown; ring?: unknown };
    if (want === 'state') return { kind: 'state' };
    if (want === 'records' && typeof ring === 'number') return { kind: 'records', ring };
  } catch {
    // Not JSON: answered by whoever asked.
  }
  return undefined;
}
