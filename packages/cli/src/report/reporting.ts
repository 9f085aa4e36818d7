import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Address } from '../arguments.js';
import { RunRecording } from '../diagnosis/run-recording.js';
import type { LivePage } from '../live/live-page.js';
import type { RunDescription, RunReport } from './run-report.js';

/** What is asked of a run beside its figures. */
export interface ReportingOptions {
  /** Whether the run is recorded for a diagnosis at its end. Default: false. */
  readonly diagnose?: boolean;
  /** The file that the report of the run is written to. */
  readonly report?: string;
  /** Where the report is served while the run goes on. */
  readonly ui?: Address;
}

/** How a run is looked at; what was not asked for is absent. */
export interface Reporting {
  readonly recording?: RunRecording;
  readonly report?: RunReport;
  readonly page?: LivePage;
}

export interface ReportedRun {
  /** Gives the metrics as they are. */
  readonly collect: () => Promise<ResourceMetrics>;
  /** What time it is for those who do the work, in s since the epoch. Default: now. */
  readonly clock: (() => number) | undefined;
  readonly description: RunDescription;
}

const BEGINS_LATE = 'Charts begin when somebody looks: add --report to have all of the run on them.';

/**
 * Prepares what was asked for; the code of what was not is not loaded. A page alone has nothing recorded while nobody
 * looks at it.
 * @returns once the page listens
 * @throws Error when a report could not be written, or the page cannot listen
 */
export async function startReporting(
  { diagnose = false, report: file, ui }: ReportingOptions,
  { collect, clock, description }: ReportedRun,
): Promise<Reporting> {
  const always = diagnose || file !== undefined;
  if (!always && ui === undefined) return {};
  const recording = new RunRecording(collect, always, clock);
  if (file === undefined && ui === undefined) return { recording };

  const { checkReportFile } = await import('./report-file.js');
  if (file !== undefined) await checkReportFile(file);
  const { RunReport } = await import('./run-report.js');
  const note = [description.note, always ? undefined : BEGINS_LATE].filter((text) => text !== undefined);
  const report = new RunReport(recording, { ...description, note: note.join(' ') });
  if (ui === undefined) return { recording, report };

  const { serveLivePage } = await import('../live/live-page.js');
  const page = await serveLivePage({
    ...ui,
    data: () => report.live(),
    onReaders: (count) => recording.look(count > 0),
  });
  return { recording, report, page };
}
