import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bus, type Clock, systemClock } from '@kvscope/core';
import { interruptible } from '../interruptible.js';
import { LineIngest } from '../ndjson/line-ingest.js';
import { Pacing, systemWait, type Wait } from '../replay/pacing.js';
import { LineSplitter, TOO_LONG } from '../request-trace/line-splitter.js';

export interface EventReplayOptions {
  /** Where the events go. Default: the thread's bus. */
  readonly bus?: Bus;
  /** How many times as fast as recorded, by the events' own times; 1e-6 to 1e9, or `max`. Default: `max`. */
  readonly speed?: number | 'max';
  /** What a paced replay is timed by. Default: the system's clock. */
  readonly clock?: Clock;
  /** How a paced replay waits. Default: a timer. */
  readonly wait?: Wait;
  /** Ends the replay between two events, without an error. */
  readonly signal?: AbortSignal;
  /** Bytes that a line may have; a longer one is malformed. Default: 16 MiB. */
  readonly maxLineBytes?: number;
  /** Called after each event with its time, in epoch ms. A promise that it returns is waited for. */
  readonly onEvent?: (time: number) => unknown;
  /** Told of each line that is no event, with its number from 1 and why. */
  readonly onMalformed?: (line: number, reason: string) => void;
}

export interface EventReplayResult {
  /** Events that were published. {event} */
  readonly events: number;
  /** Lines that are no event. {line} */
  readonly malformed: number;
  /** Whether the signal ended the replay. */
  readonly interrupted: boolean;
}

const DEFAULT_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = Buffer.from('\n');
/** Lines that are taken before timers and signals get their turn. */
const LINES_PER_TURN = 256;

/**
 * Publishes the events of an NDJSON recording once more, in its order and in the events' own time: sources are made
 * as the lines describe them, except that their time does not advance with the local clock.
 *
 * What the bytes throw, it throws.
 * @throws RangeError when an option is outside its range
 */
export async function replayEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: EventReplayOptions = {},
): Promise<EventReplayResult> {
  const {
    bus,
    speed = 'max',
    clock = systemClock,
    wait = systemWait,
    signal,
    onEvent,
    onMalformed,
  } = options;
  const pacing = speed === 'max' ? undefined : new Pacing(speed, clock, wait);
  const ingest = new LineIngest({ name: 'recording', live: false, ...(bus !== undefined && { bus }) });
  const { statistics } = ingest;
  const splitter = new LineSplitter(options.maxLineBytes ?? DEFAULT_LINE_BYTES);
  let lines = 0;
  let interrupted = false;
  try {
    for await (const chunk of endingInNewline(interruptible(bytes, signal))) {
      for (const line of splitter.push(chunk)) {
        lines++;
        if (line === TOO_LONG) {
          ingest.refuse('oversized');
          onMalformed?.(lines, `longer than ${splitter.maxLineBytes} bytes`);
          continue;
        }
        const due = pacing === undefined ? Number.NaN : ingest.timeOf(line);
        if (Number.isFinite(due)) await pacing?.until(due, signal);
        const taken = ingest.apply(line, clock.now());
        if (typeof taken === 'number') {
          const waitedFor = onEvent?.(taken);
          if (waitedFor instanceof Promise) await waitedFor;
        } else if (taken !== undefined) onMalformed?.(lines, `not an event of the catalog (${taken})`);
        if (lines % LINES_PER_TURN === 0) await nextTurn();
        signal?.throwIfAborted();
      }
    }
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
    interrupted = true;
  } finally {
    ingest.close();
  }
  return { events: statistics.events(), malformed: statistics.errors(), interrupted };
}

async function* endingInNewline(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of bytes) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  yield NEWLINE;
}
