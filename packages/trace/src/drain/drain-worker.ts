/*
 * The thread that empties the rings of a process, keeps the figures of its window, and serves them. It is started with
 * the ring of the thread that starts it; others offer theirs on a channel.
 */
import { BroadcastChannel, parentPort, threadId, workerData } from 'node:worker_threads';
import { RECORD_BYTES, RECORD_VERSION } from '../record.js';
import { TraceControl } from '../ring/control.js';
import { INT, openRing } from '../ring/layout.js';
import { type Hello, PROTOCOL_VERSION, TRACE_ENDED } from '../transport/frames.js';
import { TraceServer } from '../transport/trace-server.js';
import { Drain } from './drain.js';
import {
  type AdoptedMessage,
  DRAIN_CHANNEL,
  type DrainData,
  type DrainMessage,
  type OwnerMessage,
  type ProducerMessage,
  type TotalsMessage,
} from './messages.js';

/** Pauses between two passes: when much has come, when something has, when nothing has. */
const PAUSE_MS = { full: 0, some: 5, none: 20 } as const;
const FULL = 1 / 8;
const TICK_MS = 100;
const STATE_MS = 250;

const data = workerData as DrainData;
const now = (): number => performance.timeOrigin + performance.now();
const tell = (message: DrainMessage): void => parentPort?.postMessage(message);
const control = new TraceControl(data.control);
const drain = new Drain(control, process.pid, threadId, now);
const startTime = now();
drain.adopt(openRing(data.ring));

const server = new TraceServer({
  directory: data.directory,
  pid: process.pid,
  drain: threadId,
  hello: (): Hello => ({
    protocol: PROTOCOL_VERSION,
    recordVersion: RECORD_VERSION,
    recordBytes: RECORD_BYTES,
    pid: process.pid,
    title: data.title,
    startTime,
    timeOrigin: performance.timeOrigin,
    rings: drain.rings.map(({ ints }) => ({
      ring: ints[INT.id] as number,
      thread: ints[INT.thread] as number,
    })),
  }),
  state: () => drain.state(),
  viewers: (count) => {
    control.viewers = count;
  },
  note: (line) => tell({ kind: 'note', line }),
});
drain.tap = (ring, segment) => server.sendRecords(ring, segment);

const channel = new BroadcastChannel(DRAIN_CHANNEL);
channel.onmessage = (event) => {
  const message = (event as { readonly data: ProducerMessage }).data;
  switch (message.kind) {
    case 'ring':
      if (drain.adopt(openRing(message.ring))) {
        const adopted: AdoptedMessage = { kind: 'adopted', id: message.id, control: control.buffer };
        channel.postMessage(adopted);
      }
      return;
    case 'end':
      return drain.release(message.id);
    case 'totals':
      return takeTotals(message);
    default:
  }
};

function takeTotals(message: TotalsMessage): void {
  if (!drain.rings.some(({ ints }) => ints[INT.id] === message.id)) return;
  drain.totals = 'values' in message ? { values: message.values } : { missing: message.missing };
}

const ticking = setInterval(() => drain.tick(), TICK_MS);
const sending = setInterval(() => server.sendState(), STATE_MS);
let passing: NodeJS.Timeout;
function pass(): void {
  const fill = drain.pass();
  const pause = fill >= FULL ? PAUSE_MS.full : fill > 0 ? PAUSE_MS.some : PAUSE_MS.none;
  passing = setTimeout(pass, pause);
}
pass();

parentPort?.on('message', (message: OwnerMessage) => {
  if (message.kind === 'totals') takeTotals(message);
  else void close();
});

async function close(): Promise<void> {
  clearInterval(ticking);
  clearInterval(sending);
  clearTimeout(passing);
  channel.close();
  drain.pass();
  drain.end();
  await server.close(TRACE_ENDED);
  parentPort?.close();
}

const socket = await server.listen();
if (socket !== undefined) tell({ kind: 'listening', socket });
