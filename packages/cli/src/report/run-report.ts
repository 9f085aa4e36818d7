import { diagnose, MOST_STEPS } from '@kvscope/report';
import { findingsOf, type ReportData, reportData, reportHtml } from '@kvscope/report/page';
import type { RunRecording } from '../diagnosis/run-recording.js';
import { writeReportFile } from './report-file.js';

/** Moments of a page that is made anew every few seconds. */
const LIVE_STEPS = 60;

/** How a report speaks of a run. */
export interface RunDescription {
  /** Such as `kvscope demo`. */
  readonly subject: string;
  /** Whether times are those of a clock or of a trace. Default: clock. */
  readonly kind?: ReportData['time']['kind'];
  /** What is to be known of the times, in a sentence. */
  readonly note?: string;
}

/** The report of a run of this process, from what is recorded of it. */
export class RunReport {
  readonly #recording: RunRecording;
  readonly #description: RunDescription;

  constructor(recording: RunRecording, description: RunDescription) {
    this.#recording = recording;
    this.#description = description;
  }

  /** As things stand, for the page that goes on. */
  async live(): Promise<ReportData> {
    await this.#recording.scrape();
    return this.#data(LIVE_STEPS);
  }

  /** @throws Error when it cannot be written */
  async write(file: string): Promise<void> {
    await writeReportFile(file, reportHtml(await this.#data(MOST_STEPS)));
  }

  async #data(mostSteps: number): Promise<ReportData> {
    const { scrapes, window } = this.#recording;
    const answers = this.#recording.answers(this.#description.subject);
    return reportData({
      ...this.#description,
      answers,
      span: { ...window, steps: Math.min(mostSteps, Math.max(2, scrapes)) },
      findings: findingsOf(await diagnose(answers, window)),
      now: Date.now() / 1000,
    });
  }
}
