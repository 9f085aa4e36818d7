import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { Tier } from '@kvscope/core';
import { diagnosisAsJson } from '@kvscope/report';
import { openTrace, readRequestTrace, replay, SAMPLE_PATH, TieredLru } from '@kvscope/sources';
import { diagnosisText, exitOf } from './diagnosis/diagnosis-text.js';
import { type RecordingContext, replayRecording } from './events/recording-run.js';
import { readFigures } from './figures.js';
import { onInterrupt } from './interrupt.js';
import { figuresAsJson } from './json.js';
import { malformedReport } from './malformed-report.js';
import { type MetricsOptions, startMetrics } from './metrics.js';
import { createProgress } from './progress.js';
import { curveSummary, curvesAsJson, RunCurves, tellWarnings } from './reuse-curve.js';
import { STANDARD_INPUT } from './standard-input.js';
import { summary } from './summary.js';
import { tellAddresses, tellReport } from './told.js';
import { TraceSpan } from './trace-span.js';
import { wantsView } from './verbosity.js';

export interface ReplayRun extends MetricsOptions {
  /** Path of the trace; {@link STANDARD_INPUT} for standard input. */
  readonly file: string;
  /** Capacities in blocks; 0: no such tier. */
  readonly tiers: Readonly<Record<Tier, number>>;
  /** Whether the capacities were asked for, and are not those that are assumed. */
  readonly tiersGiven: boolean;
  readonly speed: number | 'max';
  readonly strict: boolean;
  /** Whether to show what other capacities would have hit. */
  readonly curve: boolean;
  /** Blocks followed in each tier for that. */
  readonly curveBlocks: number;
  readonly json: boolean;
  readonly hold: boolean;
}

/**
 * Replays a trace, prints what its metrics say, and keeps serving them where asked.
 * @returns the exit code
 */
export async function runReplay(run: ReplayRun): Promise<number> {
  const { file } = run;
  const interrupt = onInterrupt();
  const progress = createProgress('requests', process.stderr, wantsView(run.verbose));
  const curves = run.curve ? new RunCurves() : undefined;
  const span = new TraceSpan();
  const startedAt = Date.now() / 1000;
  const metrics = await startMetrics(run, {
    // However fast it goes: what happens in a second is said of a second of the trace.
    clock: () => startedAt + span.seconds,
    description: {
      subject: `kvscope replay of ${nameOf(file)}`,
      kind: 'trace',
      note: 'Time is that of the trace, however fast it was replayed: what is said of a second is said of a second of the trace.',
    },
    ...(curves && { reuse: curves.options(run.curveBlocks) }),
  });
  try {
    tellAddresses(metrics);
    const name = nameOf(file);
    const trace = await openTrace(file === STANDARD_INPUT ? process.stdin : file, {
      file: name,
      signal: interrupt.signal,
    });
    const context = { name, size: sizeOf(file), trace, metrics, span, progress, interrupt };
    await metrics.beginWork(true);
    if (trace.kind === 'events') {
      await replayRecording(run, context);
      await finish(run, context);
    } else {
      // What the tiers hold in the end is a figure like any other: it is served and sent with them.
      const tiers = new TieredLru(run.tiers);
      try {
        await replayRequests(run, context, tiers, curves);
        await finish(run, context);
      } finally {
        tiers.close();
      }
    }
    return exitOf(await metrics.diagnosis(name));
  } finally {
    progress.end();
    interrupt.release();
    // A failure to send was thrown above; after another failure that one is the one to tell.
    await metrics.stop().catch(() => undefined);
  }
}

/** Serves the figures on where that was asked for, and sends the last ones. */
async function finish({ hold }: ReplayRun, { metrics, interrupt }: RecordingContext): Promise<void> {
  await tellReport(metrics);
  if (hold && !interrupt.signal.aborted) {
    process.stderr.write('Holding until Ctrl-C\n');
    await once(interrupt.signal, 'abort');
  }
  await metrics.stop();
}

async function replayRequests(
  run: ReplayRun,
  context: RecordingContext,
  tiers: TieredLru,
  curves: RunCurves | undefined,
): Promise<void> {
  const { name, size, trace, metrics, span, progress, interrupt } = context;
  const { speed, strict, json } = run;
  const malformed = malformedReport();
  const requestTrace = readRequestTrace(trace.bytes, {
    file: name,
    strict,
    onMalformed: malformed.add,
    signal: interrupt.signal,
  });
  // A curve needs no more blocks than its capacity asks for, once a collection has told it that.
  if (curves !== undefined) await metrics.read();
  const startedAt = performance.now();
  let requests = 0;
  const { interrupted } = await replay(requestTrace, {
    tiers,
    speed,
    signal: interrupt.signal,
    onRequest: ({ timestamp }) => {
      span.add(timestamp);
      progress.update(size && trace.bytesRead / size, ++requests);
      return metrics.timePassed();
    },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  progress.end();
  await metrics.endWork();
  malformed.end();
  if (requests === 0 && requestTrace.malformed > 0) throw new Error(`${name}: no line of it is a request`);

  const figures = readFigures(await metrics.read(), run.tiers, run.subscribers);
  const counts = { requests, malformed: requestTrace.malformed };
  const drawn = curves?.of() ?? [];
  const diagnosis = await metrics.diagnosis(name);
  const text = json
    ? JSON.stringify({
        ...figuresAsJson(figures, counts),
        ...(curves && { curve: curvesAsJson(drawn) }),
        ...(diagnosis && { diagnosis: diagnosisAsJson(diagnosis) }),
      })
    : summary(
        figures,
        {
          ...counts,
          name,
          interrupted,
          seconds,
          traceSeconds: span.seconds,
          sampleRate: run.sampleRate,
          windowSeconds: run.window,
        },
        [curveSummary(drawn, run.sampleRate), ...(diagnosis ? [diagnosisText(diagnosis)] : [])],
      );
  process.stdout.write(`${text}\n`);
  if (json) tellWarnings(drawn, run.sampleRate);
}

function nameOf(file: string): string {
  if (file === SAMPLE_PATH) return 'the bundled sample';
  return file === STANDARD_INPUT ? 'standard input' : file;
}

/** Size of a regular file, for the progress bar; undefined for anything else. */
function sizeOf(file: string): number | undefined {
  if (file === STANDARD_INPUT) return undefined;
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() && found.size > 0 ? found.size : undefined;
}
