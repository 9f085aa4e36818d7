import { setTimeout as sleep } from 'node:timers/promises';
import type { Scheme } from '@kvscope/dashboards';
import { addressOf, ScrapeRecording, scrapePage, type TimeWindow } from '@kvscope/report';
import type { Interrupt } from '../interrupt.js';
import { createProgress } from '../progress.js';

/** Where figures come from: a Prometheus, or the page of a process. */
export type MetricsTarget = PrometheusTarget | PageTarget;

export interface PrometheusTarget {
  readonly prometheus: string;
  readonly window: TimeWindow;
  readonly scheme?: Scheme;
  /** The one service to ask for. Default: all. */
  readonly job?: string;
}

export interface PageTarget {
  readonly metrics: string;
  /** For how long it is scraped. */
  readonly seconds: number;
}

const REDRAW_MS = 100;

/**
 * Scrapes a page again and again, at equal distances. One that fails between others is left out. Ctrl-C ends the wait:
 * the last scrape is made at once.
 * @param scrapes at least 2: one at the begin and one at the end
 * @throws Error when there are not two of them, or the page has no metric of ours
 */
export async function recordPage(
  { metrics, seconds }: PageTarget,
  scrapes: number,
  { signal }: Interrupt,
): Promise<ScrapeRecording> {
  const recording = new ScrapeRecording();
  const scrape = async (): Promise<void> => {
    const values = await scrapePage(metrics);
    recording.add(Date.now() / 1000, values);
  };
  await scrape();
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const progress = createProgress('s of scraping');
  const drawing = setInterval(() => progress.update(elapsed() / seconds, elapsed()), REDRAW_MS);
  let failure: unknown;
  try {
    for (let i = 1; i < scrapes && !signal.aborted; i++) {
      const dueInS = (i * seconds) / (scrapes - 1) - elapsed();
      if (dueInS > 0) await sleep(dueInS * 1000, undefined, { signal }).catch(() => undefined);
      await scrape().catch((error: unknown) => {
        failure = error;
      });
    }
  } finally {
    clearInterval(drawing);
    progress.end();
  }
  if (recording.times.length < 2)
    throw failure ?? new Error(`${addressOf(metrics).href} was scraped only once`);
  if (recording.seriesCount === 0) throw new Error(`${addressOf(metrics).href} has no metric of kvscope`);
  return recording;
}
