import { setTimeout as sleep } from 'node:timers/promises';
import type { Scheme } from '@kvscope/dashboards';
import {
  addressOf,
  type Diagnosis,
  diagnose,
  diagnosisAsJson,
  prometheusAnswers,
  recordedAnswers,
  ScrapeRecording,
  scrapePage,
  type TimeWindow,
} from '@kvscope/report';
import { type Interrupt, onInterrupt } from '../interrupt.js';
import { createProgress } from '../progress.js';
import { diagnosisText, exitOf } from './diagnosis-text.js';

/** Where figures come from. */
export type DiagnosisTarget =
  | {
      readonly prometheus: string;
      readonly window: TimeWindow;
      readonly scheme?: Scheme;
      /** The one service to diagnose. */
      readonly job?: string;
    }
  | { readonly metrics: string; readonly seconds: number };

const REDRAW_MS = 100;

/**
 * Diagnoses, and prints what was found.
 * @returns the exit code
 * @throws Error when figures cannot be read
 */
export async function runDiagnose(target: DiagnosisTarget, json: boolean): Promise<number> {
  const interrupt = onInterrupt();
  try {
    const diagnosis =
      'metrics' in target
        ? await betweenScrapes(target.metrics, target.seconds, interrupt)
        : await overWindow(target, interrupt);
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
  { prometheus, window, scheme, job }: Extract<DiagnosisTarget, { prometheus: string }>,
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
async function betweenScrapes(url: string, seconds: number, interrupt: Interrupt): Promise<Diagnosis> {
  const recording = new ScrapeRecording();
  const scrape = async (): Promise<number> => {
    const values = await scrapePage(url);
    const time = Date.now() / 1000;
    recording.add(time, values);
    return time;
  };
  const from = await scrape();
  await waited(seconds, interrupt);
  const to = await scrape();
  if (recording.seriesCount === 0) throw new Error(`${addressOf(url).href} has no metric of kvscope`);
  return diagnose(recordedAnswers(recording, { source: `two scrapes of ${addressOf(url).href}` }), {
    from,
    to,
  });
}

async function waited(seconds: number, { signal }: Interrupt): Promise<void> {
  const progress = createProgress('s between two scrapes');
  const startedAt = performance.now();
  const draw = (): void => {
    const elapsed = (performance.now() - startedAt) / 1000;
    progress.update(elapsed / seconds, elapsed);
  };
  const drawing = setInterval(draw, REDRAW_MS);
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(drawing);
    progress.end();
  }
}
