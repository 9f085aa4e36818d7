import type { Panel } from '@kvscope/dashboards';
import type { LinesPanel, ReportLine } from '../page/report-data.js';
import { type Asking, nameOf } from './asking.js';
import { panelId } from './panel-id.js';

/** More lines than these cannot be told apart. */
const MOST_LINES = 16;

/**
 * A panel of a dashboard, over time.
 * @returns undefined when nothing was measured for it
 */
export async function linesPanel(asking: Asking, panel: Panel): Promise<LinesPanel | undefined> {
  const lines: ReportLine[] = [];
  for (const { query, legend, style = 'plain' } of panel.queries) {
    for (const series of await asking.over(query)) {
      const values = asking.onTimes(series);
      if (values.every((value) => value === null)) continue;
      const group = nameOf(series.labels, query.by);
      const name = [group, legend].filter(Boolean).join(' ');
      lines.push({ name: name === '' ? panel.title : name, group, style, values });
    }
  }
  if (lines.length === 0) return undefined;
  const highest = (line: ReportLine) =>
    line.values.reduce<number>((most, value) => Math.max(most, value ?? most), 0);
  const order = new Map(lines.map((line) => [line, highest(line)]));
  const kept = new Set(
    [...lines].sort((a, b) => (order.get(b) as number) - (order.get(a) as number)).slice(0, MOST_LINES),
  );
  const shown = lines.filter((line) => kept.has(line)).sort((a, b) => compare(a.group, b.group));
  const { title, description, unit, width, max, signed, thresholds } = panel;
  return {
    kind: 'lines',
    id: panelId(title),
    title,
    description,
    unit,
    times: asking.times,
    lines: shown,
    leftOut: lines.length - shown.length,
    ...(width === 24 && { wide: true }),
    ...(max !== undefined && { max }),
    ...(signed !== undefined && { signed }),
    ...(thresholds !== undefined && { thresholds }),
  };
}

/** Whether all that it shows is 0. */
export function isQuiet({ lines }: LinesPanel): boolean {
  return lines.every(({ values }) => values.every((value) => value === null || value === 0));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
