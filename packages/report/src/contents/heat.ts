import type { Panel } from '@kvscope/dashboards';
import type { HeatPanel } from '../page/report-data.js';
import { type Asking, rounded } from './asking.js';
import { ascending, boundOf, occupied, within } from './buckets.js';
import { queryOf } from './known-panel.js';
import { panelId } from './panel-id.js';

/**
 * A heat map of a dashboard.
 * @returns undefined when nothing was observed
 */
export async function heatPanel(asking: Asking, panel: Panel): Promise<HeatPanel | undefined> {
  const answered = await asking.over(queryOf(panel));
  const buckets = ascending(
    answered.map((series) => ({ bound: boundOf(series.labels), counts: asking.onTimes(series) })),
  );
  const rows = buckets.map(({ counts }, row) =>
    counts.map((count, i) => {
      const value = within(count, buckets[row - 1]?.counts[i] ?? null);
      return value === null ? null : rounded(value);
    }),
  );
  const range = occupied(rows.map((values) => values.some((value) => value !== null && value > 0)));
  if (range === undefined) return undefined;
  const bounds = buckets.map(({ bound }) => (Number.isFinite(bound) ? bound : null));
  const { title, description, unit } = panel;
  return {
    kind: 'heat',
    id: panelId('heat', title),
    title: `${title}: how it spreads`,
    description,
    unit,
    times: asking.times,
    bounds: bounds.slice(...range),
    below: bounds[range[0] - 1] ?? null,
    rows: rows.slice(...range),
  };
}
