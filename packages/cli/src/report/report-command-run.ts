import {
  type Answers,
  addressOf,
  diagnose,
  MOST_STEPS,
  prometheusAnswers,
  recordedAnswers,
  type TimeWindow,
} from '@kvscope/report';
import { findingsOf, reportData, reportHtml } from '@kvscope/report/page';
import {
  type MetricsTarget,
  type PageTarget,
  type PrometheusTarget,
  recordPage,
} from '../diagnosis/target.js';
import { EXIT } from '../exit.js';
import { type Interrupt, onInterrupt } from '../interrupt.js';
import { checkReportFile, writeReportFile } from './report-file.js';

/** The same figures, kept apart in three ways. */
interface Asked {
  readonly window: TimeWindow;
  /** All together. */
  readonly answers: Answers;
  /** By service: each is diagnosed by itself. */
  readonly byService: Answers;
  /** Absent where there is only one. */
  readonly byInstance?: Answers;
}

/**
 * Writes the report.
 * @returns the exit code
 * @throws Error when figures cannot be read, or the file cannot be written
 */
export async function runReport(target: MetricsTarget, out: string): Promise<number> {
  await checkReportFile(out);
  const interrupt = onInterrupt();
  try {
    const { window, answers, byService, byInstance } =
      'metrics' in target ? await ofPage(target, interrupt) : await ofPrometheus(target, interrupt);
    const steps = Math.min(MOST_STEPS, Math.max(2, Math.floor(window.to - window.from)));
    const data = await reportData({
      answers,
      span: { ...window, steps },
      findings: findingsOf(await diagnose(byService, window)),
      now: Date.now() / 1000,
      ...(byInstance && { byInstance }),
    });
    await writeReportFile(out, reportHtml(data));
    process.stderr.write(`Report written to ${out}\n`);
    return EXIT.done;
  } finally {
    interrupt.release();
  }
}

async function ofPrometheus(
  { prometheus, window, scheme, job }: PrometheusTarget,
  { signal }: Interrupt,
): Promise<Asked> {
  const by = (grouping: readonly string[]): Promise<Answers> =>
    prometheusAnswers(prometheus, {
      time: window.to,
      windowSeconds: window.to - window.from,
      grouping,
      signal,
      ...(scheme && { scheme }),
      ...(job !== undefined && { job }),
    });
  const [answers, byService, byInstance] = await Promise.all([by([]), by(['job']), by(['job', 'instance'])]);
  return { window, answers, byService, byInstance };
}

async function ofPage(target: PageTarget, interrupt: Interrupt): Promise<Asked> {
  const scrapes = Math.min(MOST_STEPS, Math.floor(target.seconds) + 1);
  const recording = await recordPage(target, Math.max(2, scrapes), interrupt);
  const answers = recordedAnswers(recording, { source: addressOf(target.metrics).href });
  const [from = 0, to = 0] = [recording.times[0], recording.times.at(-1)];
  return { window: { from, to }, answers, byService: answers };
}
