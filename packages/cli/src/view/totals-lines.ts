import { formatBytes } from '@kvscope/report/figures';
import type { ViewState } from '@kvscope/trace/viewer';
import { countCell } from './cells.js';
import { type Line, title } from './line.js';

const PER_LINE = 3;
const LINES = 4;

/** What the metrics say of the window, to hold against the trace; or why they say nothing. */
export function totalsLines({ state }: ViewState): Line[] {
  const head = title('AUTHORITATIVE ', 'totals by the metrics, never from the trace');
  const totals = state?.totals ?? { missing: 'no process has answered yet' };
  if ('missing' in totals) {
    return [head, [{ text: ` final snapshot unavailable: ${totals.missing}`, style: 'dim' }], [], [], []];
  }
  const parts = Object.entries(totals.values).map(([name, value]) =>
    `${name} ${figure(name, value)}`.padEnd(26),
  );
  const lines = Array.from({ length: LINES }, (_, i) =>
    parts.slice(i * PER_LINE, (i + 1) * PER_LINE).join(''),
  );
  return [head, ...lines.map((text): Line => [{ text: ` ${text}` }])];
}

function figure(name: string, value: number): string {
  return name.startsWith('bytes ') ? formatBytes(value) : countCell(value);
}
