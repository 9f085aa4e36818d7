import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RECORD_BYTES, RECORD_VERSION } from '../src/record.ts';
import { INT } from '../src/ring/layout.ts';
import {
  FRAME,
  FrameDecoder,
  type Hello,
  PROTOCOL_VERSION,
  RECORDS_HEAD_BYTES,
} from '../src/transport/frames.ts';
import { TraceServer } from '../src/transport/trace-server.ts';
import { traced } from './setup.ts';

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kvscope-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** When the stores below happen: each a little later than the one before, so that records can be told apart. Epoch ms. */
const timeOf = (number: number): number => 1e6 + number / 1024;

/** A trace whose drain is served from this thread. */
export async function served(directory = temporaryDirectory()) {
  const trace = traced();
  const { drain, control, ring } = trace;
  const notes: string[] = [];
  const id = ring.ints[INT.id] as number;
  const hello: Hello = {
    protocol: PROTOCOL_VERSION,
    recordVersion: RECORD_VERSION,
    recordBytes: RECORD_BYTES,
    pid: process.pid,
    title: 'test',
    startTime: 0,
    timeOrigin: 0,
    rings: [{ ring: id, thread: 0 }],
  };
  const server = new TraceServer({
    directory,
    pid: process.pid,
    drain: 1,
    hello: () => hello,
    state: () => drain.state(),
    viewers: (count) => {
      control.viewers = count;
    },
    note: (line) => notes.push(line),
  });
  drain.tap = (from, segment) => server.sendRecords(from, segment);
  const path = await server.listen();
  onTestFinished(() => server.close('the test is over'));
  let published = 0;
  return {
    ...trace,
    server,
    notes,
    path: path as string,
    id,
    published: () => published,
    /** Publishes so many stores, and empties the ring after each 1,000. */
    publish(count: number): void {
      for (let i = 0; i < count; i++) {
        const time = timeOf(published);
        trace.bus.publish('block.stored', {
          source: trace.source,
          tier: 'l0',
          time,
          keys: [published++],
          cause: 'computed',
        });
        if (published % 1000 === 0) drain.pass();
      }
      drain.pass();
    },
    /** Resolves when so many viewers are attached. */
    async viewers(count: number): Promise<void> {
      while (control.viewers !== count) await turn();
    },
  };
}

/** A turn of the event loop, in which sockets are served. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A reader of raw records that can be told to stop reading. */
export class RecordReader {
  readonly socket: Socket;
  /** Where each record came in its ring, and which of the published events it is. */
  readonly sequences: number[] = [];
  readonly numbers: number[] = [];
  readonly threads = new Set<number>();
  received = 0;
  offered = 0;
  dropped = 0;
  reason: string | undefined;
  greeted = false;
  readonly closed: Promise<void>;

  constructor(path: string, request: string) {
    this.socket = connect(path);
    const decoder = new FrameDecoder();
    this.socket.on('data', (bytes) => {
      for (const { type, payload } of decoder.decode(bytes)) this.#take(type, payload);
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve()));
    this.socket.write(request);
  }

  #take(type: number, payload: Buffer): void {
    if (type === FRAME.hello) this.greeted = true;
    if (type === FRAME.bye) this.reason = (JSON.parse(payload.toString()) as { reason: string }).reason;
    if (type !== FRAME.records) return;
    const count = payload.readUInt32LE(4);
    if (payload.length !== RECORDS_HEAD_BYTES + count * RECORD_BYTES) throw new Error('a torn frame');
    this.offered = payload.readDoubleLE(8);
    this.dropped = payload.readDoubleLE(16);
    for (let i = 0; i < count; i++) {
      const at = RECORDS_HEAD_BYTES + i * RECORD_BYTES;
      this.sequences.push(payload.readUInt32LE(at + 60));
      this.threads.add(payload.readUInt32LE(at + 56));
      this.numbers.push((payload.readDoubleLE(at) - timeOf(0)) * 1024);
    }
    this.received += count;
  }
}
