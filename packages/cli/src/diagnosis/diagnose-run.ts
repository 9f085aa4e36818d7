import {
  addressOf,
  type Diagnosis,
  diagnose,
  diagnosisAsJson,
  prometheusAnswers,
  recordedAnswers,
} from '@kvscope/report';
import { type Interrupt, onInterrupt } from '../interrupt.js';
import { diagnosisText, exitOf } from './diagnosis-text.js';
import { type MetricsTarget, type PageTarget, type PrometheusTarget, recordPage } from './target.js';

/**
 * Diagnoses, and prints what was found.
 * @returns the exit code
 * @throws Error when figures cannot be read
 */
export async function runDiagnose(target: MetricsTarget, json: boolean): Promise<number> {
  const interrupt = onInterrupt();
  try {
    const diagnosis =
      'metrics' in target ? await betweenScrapes(target, interrupt) : await overWindow(target, interrupt);
    const text = json ? JSON.stringify(diagnosisAsJson(diagnosis)) : diagnosisText(diagnosis);
    process.stdout.write(`${text}\n`);
    return exitOf(diagnosis);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Error('interrupted before anything was diagnosed');
  } finally {
    interrupt.release();
  }
}

async function overWindow(
  { prometheus, window, scheme, job }: PrometheusTarget,
  { signal }: Interrupt,
): Promise<Diagnosis> {
  const answers = await prometheusAnswers(prometheus, {
    time: window.to,
    windowSeconds: window.to - window.from,
    signal,
    ...(scheme && { scheme }),
    ...(job !== undefined && { job }),
  });
  return diagnose(answers, window);
}

/** Ctrl-C ends the wait: what happened until then is diagnosed. */
async function betweenScrapes(target: PageTarget, interrupt: Interrupt): Promise<Diagnosis> {
  const recording = await recordPage(target, 2, interrupt);
  const [from = 0, to = 0] = [recording.times[0], recording.times.at(-1)];
  return diagnose(
    recordedAnswers(recording, { source: `two scrapes of ${addressOf(target.metrics).href}` }),
    {
      from,
      to,
    },
  );
}
