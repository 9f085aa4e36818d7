import type { RunningMetrics } from './metrics.js';

/** Says on standard error where the figures of a run can be seen while it goes on. */
export function tellAddresses({ url, pageUrl }: Pick<RunningMetrics, 'url' | 'pageUrl'>): void {
  if (url !== undefined) process.stderr.write(`Serving metrics at ${url}\n`);
  if (pageUrl !== undefined) process.stderr.write(`Serving the report at ${pageUrl}\n`);
}

/**
 * Writes the report where that was asked for, and says so on standard error.
 * @throws Error when it cannot be written
 */
export async function tellReport(metrics: Pick<RunningMetrics, 'writeReport'>): Promise<void> {
  const file = await metrics.writeReport();
  if (file !== undefined) process.stderr.write(`Report written to ${file}\n`);
}
