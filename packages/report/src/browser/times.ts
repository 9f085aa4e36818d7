import type { ReportTime } from '../page/report-data.js';
import { formatElapsed } from '../page/units.js';

const DAY_S = 86_400;

/** A moment as the axis of time has it. */
export function formatMoment(at: number, time: ReportTime): string {
  if (time.kind === 'trace') return formatElapsed(at - time.from);
  const date = new Date(at * 1000);
  const clock = date.toLocaleTimeString('en-GB');
  return time.to - time.from > DAY_S / 2
    ? `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock.slice(0, 5)}`
    : clock;
}

/** A span of time in words of the page's head. */
export function formatSpan(time: ReportTime): string {
  const length = formatElapsed(time.to - time.from);
  if (time.kind === 'trace') return `${length} of the trace`;
  const [from, to] = [new Date(time.from * 1000), new Date(time.to * 1000)];
  const day = from.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  const until =
    from.toDateString() === to.toDateString() ? to.toLocaleTimeString('en-GB') : to.toLocaleString('en-GB');
  return `${day} ${from.toLocaleTimeString('en-GB')} to ${until} (${length})`;
}
