import { plugin } from '@kvscope/instrumentation';
import { createBlockBudget, MAX_PUBLISHERS, sourceSubscriber } from '@kvscope/sources';
import { EXIT } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { type MetricsOptions, startMetrics } from '../metrics.js';
import { tellReport } from '../told.js';
import type { SourceConfig } from './config/source-config.js';
import { type EventRecording, startRecording } from './event-recording.js';
import { healthPages } from './health-pages.js';
import { openSource } from './open-source.js';
import { SourceStates } from './source-state.js';
import { StatusReader } from './status.js';
import { statusOutput } from './status-output.js';
import { untilEnded } from './until-ended.js';
import type { WatchedSource } from './watched-source.js';

export interface WatchRun extends MetricsOptions {
  /** At least one, with names of their own. */
  readonly sources: readonly SourceConfig[];
  /** From one status to the next, in seconds. */
  readonly interval: number;
  /** Ends by itself after so many seconds. */
  readonly duration?: number;
  /** Where events are recorded. */
  readonly record?: string;
  /** Blocks that all sources together may hold. */
  readonly maxBlocks?: number;
  readonly json: boolean;
}

/**
 * Listens to engines until it is told to stop, or until every source came to its end.
 * @returns the exit code
 */
export async function runWatch(run: WatchRun): Promise<number> {
  const interrupt = onInterrupt();
  const sources: WatchedSource[] = [];
  const states = new SourceStates();
  const names = run.sources.map(({ name, kind }) => name ?? kind);
  const output = statusOutput(run);
  let recording: EventRecording | undefined;
  const metrics = await startMetrics(run, {
    plugins: [plugin(sourceSubscriber(shownPublishers(sources)))],
    pages: healthPages(names, sources, states),
    description: { subject: `kvscope watch: ${names.join(', ')}` },
  });
  try {
    if (run.record !== undefined) {
      const inputs = run.sources.flatMap((source) => ('from' in source ? source.from : []));
      recording = startRecording(run.record, output.recordingFailed, inputs);
    }
    const environment = { budget: createBlockBudget(run.maxBlocks) };
    for (const config of run.sources) {
      const source = await openSource(config, environment);
      states.follow(source);
      sources.push(source);
    }
    await metrics.beginWork(true);
    if (metrics.url !== undefined) output.tell(`Serving metrics at ${metrics.url}`);
    if (metrics.pageUrl !== undefined) output.tell(`Serving the report at ${metrics.pageUrl}`);
    for (const { name, places } of sources) output.tell(`Listening to ${name} at ${places.join(', ')}`);

    const status = new StatusReader(sources, states);
    const showing = setInterval(() => {
      recording?.flush();
      output.show(status.read());
    }, run.interval * 1000);
    try {
      await untilEnded(sources, interrupt.signal, run.duration);
    } finally {
      clearInterval(showing);
    }
    // Nothing comes in after this, so that status, metrics and recording tell of the same events.
    await Promise.all(sources.map((source) => source.stop()));
    recording?.close();
    await metrics.endWork();
    await output.end(status.read(), await metrics.read());
    await tellReport(metrics);
    await metrics.stop();
    return recording?.failure === undefined ? EXIT.done : EXIT.failed;
  } finally {
    output.wipe();
    recording?.close();
    for (const source of sources) source.close();
    await metrics.stop().catch(() => undefined);
    // Last, so that a signal during the flush does not cut it off.
    interrupt.release();
  }
}

/** All publishers of all sources, of which there may be more by the time that somebody looks. */
function shownPublishers(sources: readonly WatchedSource[]) {
  return {
    get publishers() {
      return new Set(sources.flatMap(({ monitor }) => [...monitor.publishers]).slice(0, MAX_PUBLISHERS));
    },
  };
}
