import { diagnosisAsJson } from '@kvscope/report';
import { formatCount, formatSeconds } from '@kvscope/report/figures';
import { type OpenedTrace, replayEvents } from '@kvscope/sources';
import { diagnosisText } from '../diagnosis/diagnosis-text.js';
import type { Interrupt } from '../interrupt.js';
import { malformedReport } from '../malformed-report.js';
import type { RunningMetrics } from '../metrics.js';
import type { Progress } from '../progress.js';
import type { ReplayRun } from '../replay-run.js';
import type { TraceSpan } from '../trace-span.js';
import { eventFiguresAsJson, readEventFigures } from './event-figures.js';
import { eventSummary } from './event-summary.js';

export interface RecordingContext {
  readonly name: string;
  /** Size of the file, where it is one. By */
  readonly size: number | undefined;
  readonly trace: OpenedTrace;
  readonly metrics: RunningMetrics;
  /** How much of the trace has been replayed. */
  readonly span: TraceSpan;
  readonly progress: Progress;
  readonly interrupt: Interrupt;
}

/**
 * Publishes a recording of events once more, and prints what the metrics say: its tiers are what it was recorded
 * from, so that no capacity applies.
 */
export async function replayRecording(run: ReplayRun, context: RecordingContext): Promise<void> {
  const { name, trace, size, metrics, span, progress, interrupt } = context;
  if (run.tiersGiven) {
    throw new Error(
      `${name} is a recording of events, whose tiers are its own: leave out --l0, --l1 and --l2`,
    );
  }
  if (run.curve) {
    throw new Error(
      `${name} is a recording of events, which tells no capacities to draw a curve from: leave out --curve`,
    );
  }
  const malformed = malformedReport();
  const startedAt = performance.now();
  let events = 0;
  const result = await replayEvents(trace.bytes, {
    speed: run.speed,
    signal: interrupt.signal,
    onEvent(time) {
      span.add(time);
      progress.update(size && trace.bytesRead / size, ++events);
      return metrics.timePassed();
    },
    onMalformed(line, reason) {
      if (run.strict) throw new Error(`${name}:${line}: ${reason}`);
      malformed.add({ file: name, line, reason });
    },
  });
  progress.end();
  await metrics.endWork();
  malformed.end();
  const figures = readEventFigures(await metrics.read(), run.subscribers);
  const seconds = (performance.now() - startedAt) / 1000;
  const left =
    result.malformed > 0 ? `\n${formatCount(result.malformed)} malformed lines were left out.` : '';
  const heading = `${result.interrupted ? 'Interrupted' : 'Replayed'} ${name}: ${formatCount(events)} events, ${formatSeconds(span.seconds)} of recording in ${formatSeconds(seconds)}${left}`;
  const diagnosis = await metrics.diagnosis(name);
  const text = run.json
    ? JSON.stringify({
        events,
        malformed: result.malformed,
        tiers: eventFiguresAsJson(figures),
        ...(diagnosis && { diagnosis: diagnosisAsJson(diagnosis) }),
      })
    : [
        eventSummary(figures, { heading, sampleRate: run.sampleRate, windowSeconds: run.window }),
        ...(diagnosis ? [diagnosisText(diagnosis)] : []),
      ].join('\n\n');
  process.stdout.write(`${text}\n`);
}
