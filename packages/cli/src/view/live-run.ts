import { createSource, getBus, systemClock } from '@kvscope/core';
import type { MetricTotals, TraceOptions } from '@kvscope/trace';
import { startViewBeside, type ViewBeside, viewStream } from './beside.js';
import { startOutputLog } from './output-log.js';

/** Work does not wait longer than this for its view. */
const PATIENCE_MS = 5000;
const WINDOW = 'run';

/** The live view of the work of this process. */
export interface LiveRun {
  /** What the trace is configured with. */
  readonly trace: TraceOptions;
  /**
   * Resolves once the view is attached, or does not come. The window of its figures begins now, or for events with times
   * of their own with the trace.
   */
  begin(ownTimes?: boolean): Promise<void>;
  /** The work is over: the view shows its last figures, and ends. @param stopTrace turns the trace off */
  end(stopTrace: () => void): Promise<void>;
}

/** @param read the totals of this process by its metrics; @param json whether standard output is for machines */
export function createLiveRun(read: () => Promise<MetricTotals>, json: boolean): LiveRun {
  const bus = getBus();
  const stream = viewStream(json);
  const log = stream.isTTY
    ? startOutputLog([process.stdout, process.stderr].filter(({ isTTY }) => isTTY))
    : undefined;
  const endLog = (): void => {
    const path = log?.end();
    if (path !== undefined) process.stderr.write(`Other output while the view was on: ${path}\n`);
  };
  let view: ViewBeside | undefined;
  let lastRead: Promise<unknown> = Promise.resolve();
  let listening = (): void => undefined;
  const listened = new Promise<void>((resolve) => {
    listening = resolve;
  });
  let ended = false;
  return {
    trace: {
      totals() {
        const reading = read();
        lastRead = reading.catch(() => undefined);
        return reading;
      },
      onListening(socket) {
        if (!ended) view = startViewBeside(socket, stream, endLog);
        listening();
      },
    },
    async begin(ownTimes = false) {
      await within(PATIENCE_MS, listened);
      if (view !== undefined) await within(PATIENCE_MS, view.attached);
      if (ownTimes) return;
      bus.publish('window.started', {
        window: WINDOW,
        time: systemClock.now(),
        source: createSource({}, bus),
      });
    },
    async end(stopTrace) {
      if (ended) return;
      ended = true;
      bus.publish('window.finished', {
        window: WINDOW,
        time: systemClock.now(),
        source: createSource({}, bus),
      });
      await lastRead;
      // What was read is handed over in turns of the event loop that come before this one.
      await new Promise((resolve) => setImmediate(resolve));
      stopTrace();
      await view?.end();
      endLog();
    },
  };
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const impatient = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, impatient]);
  clearTimeout(timer);
}
