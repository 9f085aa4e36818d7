import { formatCount, formatSeconds } from '@kvscope/report/figures';
import { eventFiguresAsJson, readEventFigures } from '../events/event-figures.js';
import { eventSummary } from '../events/event-summary.js';
import type { MetricValues } from '../metric-reader.js';
import { wantsView } from '../verbosity.js';
import type { WatchStatus } from './status.js';
import { createStatusDisplay } from './status-display.js';
import { statusLines } from './status-lines.js';
import type { WatchRun } from './watch-run.js';

/** What a watch says: JSON on standard output, or lines on a terminal and a summary at the end. */
export function statusOutput(run: WatchRun) {
  const display = createStatusDisplay(process.stderr, wantsView(run.verbose));
  const tell = (line: string): void => {
    display.end();
    process.stderr.write(`${line}\n`);
  };
  return {
    tell,
    wipe: () => display.end(),
    recordingFailed(error: Error): void {
      tell(`kvscope: --record ${run.record} ends here, the watch goes on: ${error.message}`);
    },
    show(status: WatchStatus): void {
      if (run.json) process.stdout.write(`${JSON.stringify({ ...status, final: false })}\n`);
      else display.show(statusLines(status));
    },
    /** @param values what the metrics say at the end */
    async end(status: WatchStatus, values: MetricValues): Promise<void> {
      display.end();
      const figures = readEventFigures(values, run.subscribers);
      const text = run.json
        ? JSON.stringify({ ...status, final: true, tiers: eventFiguresAsJson(figures) })
        : eventSummary(figures, {
            heading: `${heading(status)}\n\n${statusLines(status).join('\n')}`,
            sampleRate: run.sampleRate,
            windowSeconds: run.window,
          });
      await new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
    },
  };
}

function heading({ seconds, sources }: WatchStatus): string {
  const publishers = sources.flatMap((source) => source.publishers);
  const events = publishers.reduce((sum, publisher) => sum + publisher.events, 0);
  return `Watched ${sources.map(({ name }) => name).join(', ')} for ${formatSeconds(seconds)}: ${formatCount(events)} events`;
}
