import { isMainThread, threadId } from 'node:worker_threads';
import { defineMetrics, type Subscriber, type SubscriberContext } from '@kvscope/core';
import { diag } from '@opentelemetry/api';
import { Attachment } from './drain/attachment.js';
import type { DrainMessage } from './drain/messages.js';
import { type OpenDrain, openDrainWorker } from './drain/open-drain.js';
import { LoopDelay, type LoopMeter } from './loop-delay.js';
import { writeOccupancy } from './occupancy.js';
import { type TraceOptions, traceSettings } from './options.js';
import { removeAtExit } from './remove-at-exit.js';
import { TraceControl } from './ring/control.js';
import { createRing } from './ring/layout.js';
import { RingWriter } from './ring/ring-writer.js';
import { traceDirectory } from './transport/directory.js';
import { WindowTotals } from './window-totals.js';
import { writeEvents } from './write-events.js';

const noMetrics = defineMetrics('trace', {});
type Trace = Subscriber<typeof noMetrics.metrics, TraceOptions>;

const CHECK_INTERVAL_MS = 1000;

/** What the subscriber is made of, apart from its handlers. */
export interface TraceParts {
  readonly openDrain: OpenDrain;
  readonly measureLoop: () => LoopMeter;
}

/** The subscriber with parts of one's own making; an application uses {@link trace}. */
export function traceWith(parts: TraceParts): Trace {
  return {
    name: 'trace',
    family: noMetrics,
    validate: (options) => void traceSettings(options),
    start(context, options) {
      start(context, options, parts);
    },
  };
}

/**
 * Writes what happens into a binary ring that a thread of its own empties, for the live view (`kvscope top`). It records
 * no metric. What it costs the application is the writing of 64 bytes an event.
 */
export const trace: Trace = traceWith({ openDrain: openDrainWorker, measureLoop: () => new LoopDelay() });

function start(
  context: SubscriberContext<typeof noMetrics.metrics>,
  options: TraceOptions | undefined,
  { openDrain, measureLoop }: TraceParts,
): void {
  const settings = traceSettings(options);
  const writer = new RingWriter(createRing(settings.ringRecords, threadId), new TraceControl());
  const loop = measureLoop();
  context.onStop(() => loop.stop());

  const told = (message: DrainMessage): void => {
    if (message.kind === 'note') {
      diag.warn(`kvscope: trace: ${message.line}`);
      return;
    }
    const { socket } = message;
    context.onStop(removeAtExit(socket));
    diag.info(`kvscope: trace: viewers can attach at ${socket}`);
    settings.onListening?.(socket);
  };
  const attachment = new Attachment(writer, {
    ownAtOnce: isMainThread,
    openDrain,
    directory: settings.directory ?? traceDirectory(),
    title: process.argv.slice(1).join(' ') || process.title,
    told,
    failed: (error) => context.fail(error),
  });
  context.onStop(() => attachment.stop());

  writeEvents(context, writer);
  const totals = new WindowTotals(settings.totals, (told) => attachment.tellTotals(told));
  context.on('window.started', ({ window, time }) => {
    writer.control.startWindow(window, time);
    loop.reset();
    totals.started();
  });
  context.on('window.finished', ({ time }) => {
    writer.control.finishWindow(time);
    loop.write(writer.ring);
    if (writer.control.viewers > 0) writeOccupancy(context.sources, writer.ring);
    totals.finished();
  });
  context.every(CHECK_INTERVAL_MS, () => {
    attachment.check();
    if (writer.control.endTime === undefined) loop.write(writer.ring);
    if (writer.control.viewers > 0) writeOccupancy(context.sources, writer.ring);
  });
}
