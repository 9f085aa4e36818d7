import { randomUUID } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { numberOption, requireThat } from '@kvscope/core';
import type { FastRecorder } from '../fast-recorder.js';
import { Reader } from '../taken.js';
import { metricStats, STATS, type StatsMessage } from './message.js';
import { isPort, type StatsPort, send } from './port.js';

export interface ForwardOptions {
  /** Time between two messages, in ms; what a worker gathered since the last one is lost when it is killed. Default: 1,000. */
  readonly intervalMs?: number;
}

/** A worker's figures on their way to its main thread. */
export interface Forwarding {
  /** Sends what was gathered since the last message, now. */
  flush(): void;
  /** Sends what is left, and no more after it. Safe to call again. */
  stop(): void;
}

const DEFAULT_INTERVAL_MS = 1000;
const LEAST_INTERVAL_MS = 10;
const HOUR_MS = 3_600_000;

/**
 * Sends what a worker records to the main thread or the main process, once an interval and at the end. One message is
 * under way at a time over a process's channel: one that could not be sent is sent again before the next is made, and what
 * is gathered meanwhile waits in the counts.
 * @throws RangeError for something that is no port, or an interval outside 10 ms to an hour
 */
export function forwardStats(
  recorder: FastRecorder,
  port: StatsPort,
  options: ForwardOptions = {},
): Forwarding {
  requireThat(
    isPort(port),
    'port',
    port,
    "a worker's parentPort, a MessagePort, or a process with a channel",
  );
  const intervalMs = numberOption(
    'intervalMs',
    options.intervalMs,
    DEFAULT_INTERVAL_MS,
    LEAST_INTERVAL_MS,
    HOUR_MS,
  );
  const reader = new Reader(recorder, ({ instrument }) => GROWS.has(instrument));
  const who = { worker: `${process.pid}/${threadId}`, incarnation: randomUUID() };
  let sequence = 0;
  let unsent: StatsMessage | undefined;
  let underWay = false;
  let stopped = false;

  function flush(): void {
    if (underWay || stopped) return;
    if (unsent === undefined) {
      const metrics = reader.take().map(metricStats);
      if (metrics.length === 0) return;
      unsent = { kvscope: STATS, ...who, sequence: ++sequence, metrics };
    }
    underWay = true;
    send(port, unsent, (error) => {
      underWay = false;
      if (!error) unsent = undefined;
    });
  }
  function stop(): void {
    flush();
    stopped = true;
    clearInterval(timer);
    process.off('exit', stop);
    reader.close();
  }

  const timer = setInterval(flush, intervalMs).unref();
  process.on('exit', stop);
  return { flush, stop };
}

/** Instruments whose figures add up over time; of the others the main thread wants what stands. */
const GROWS: ReadonlySet<string> = new Set(['histogram', 'counter', 'observableCounter']);
