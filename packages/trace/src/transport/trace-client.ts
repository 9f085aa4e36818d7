import { connect, type Socket } from 'node:net';
import { STATE_VERSION, type TraceState } from '../state.js';
import { FRAME, type Frame, FrameDecoder, type Hello, RECORDS_HEAD_BYTES } from './frames.js';

/** Records as they arrived, and how many there were for this viewer. */
export interface RecordBatch {
  readonly sequence: number;
  readonly count: number;
  /** Records for this viewer so far, and those of them that were dropped because it read too slowly. */
  readonly offered: number;
  readonly dropped: number;
  /** The records, 64 bytes each. */
  readonly bytes: Buffer;
}

export interface TraceClientHandlers {
  readonly state?: (state: TraceState) => void;
  readonly records?: (batch: RecordBatch) => void;
  /** Nothing follows. @param reason what the process said; undefined when it ended without a word */
  readonly ended: (reason: string | undefined) => void;
}

export interface TraceClient {
  readonly hello: Hello;
  close(): void;
}

export type TraceRequest = { readonly want: 'state' } | { readonly want: 'records'; readonly ring: number };

const HELLO_TIMEOUT_MS = 2000;

/**
 * Attaches to a traced process.
 * @throws Error when nobody listens there, or what answers does not speak this protocol
 */
export function attach(
  path: string,
  requestOf: (hello: Hello) => TraceRequest,
  handlers: TraceClientHandlers,
): Promise<TraceClient> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    const decoder = new FrameDecoder();
    let hello: Hello | undefined;
    let reason: string | undefined;
    const fail = (error: Error): void => {
      reason ??= error.message;
      socket.destroy();
      reject(error);
    };
    const take = ({ type, payload }: Frame): void => {
      if (type === FRAME.hello) {
        hello = helloOf(payload);
        socket.setTimeout(0);
        socket.write(`${JSON.stringify(requestOf(hello))}\n`);
        resolve({ hello, close: () => void socket.destroy() });
      } else if (type === FRAME.bye) reason = (JSON.parse(payload.toString()) as { reason: string }).reason;
      else if (type === FRAME.state) handlers.state?.(stateOf(payload));
      else if (type === FRAME.records) handlers.records?.(batchOf(payload));
    };
    socket.setTimeout(HELLO_TIMEOUT_MS, () => fail(new Error(`${path} does not answer`)));
    socket.on('error', fail);
    socket.on('data', (bytes) => {
      try {
        for (const frame of decoder.decode(bytes)) take(frame);
      } catch (error) {
        fail(error as Error);
      }
    });
    socket.on('close', () => {
      if (hello === undefined) reject(new Error(reason ?? `${path} closed the connection`));
      else handlers.ended(reason);
    });
  });
}

function helloOf(payload: Buffer): Hello {
  const hello = JSON.parse(payload.toString()) as Hello;
  if (!Number.isInteger(hello.pid) || typeof hello.title !== 'string' || !Array.isArray(hello.rings)) {
    throw new Error('what answers is no traced process');
  }
  return hello;
}

function stateOf(payload: Buffer): TraceState {
  const state = JSON.parse(payload.toString()) as TraceState;
  if (state.version !== STATE_VERSION) {
    throw new Error(`the process sends states of version ${state.version}, this is ${STATE_VERSION}`);
  }
  return state;
}

function batchOf(payload: Buffer): RecordBatch {
  return {
    sequence: payload.readUInt32LE(0),
    count: payload.readUInt32LE(4),
    offered: payload.readDoubleLE(8),
    dropped: payload.readDoubleLE(16),
    bytes: payload.subarray(RECORDS_HEAD_BYTES),
  };
}
