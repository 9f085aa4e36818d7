import type { Answers } from '../answers.js';
import type { TablePanel } from '../page/report-data.js';
import { Asking, nameOfLabels, type ReportSpan } from './asking.js';
import { knownPanel, queryOf } from './known-panel.js';

/** More rows than these are read by nobody; the busiest are kept. */
const MOST_INSTANCES = 100;

const COLUMNS = [
  {
    title: 'asked for',
    unit: 'suffix: blocks/s',
    query: queryOf(knownPanel('overview', 'Blocks looked up')),
  },
  {
    title: 'held',
    unit: 'percentunit',
    query: queryOf(knownPanel('overview', 'Hit ratio per tier'), 'overall'),
  },
  {
    title: 'mean load',
    unit: 's',
    query: queryOf(knownPanel('store', 'Load duration (per task)'), 'average'),
  },
  {
    title: 'loading hidden',
    unit: 'percentunit',
    query: queryOf(knownPanel('layerwise', 'Overlap'), 'rest'),
  },
  { title: 'events', unit: 'suffix:/s', query: queryOf(knownPanel('health', 'Events on the bus')) },
] as const;

/**
 * Each instance by itself: the one that is off stands out.
 * @param answers kept apart by instance
 * @returns undefined when there are not two
 */
export async function instancesPanel(answers: Answers, span: ReportSpan): Promise<TablePanel | undefined> {
  const asking = new Asking(answers, span);
  const columns: ReadonlyMap<string, number>[] = [];
  for (const { query } of COLUMNS) {
    const values = new Map<string, number>();
    for (const { labels, value } of await asking.whole(query)) {
      const name = nameOfLabels(labels, answers.grouping);
      values.set(name, (values.get(name) ?? 0) + value);
    }
    columns.push(values);
  }
  const busy = (name: string) => columns.at(-1)?.get(name) ?? 0;
  const names = [...new Set(columns.flatMap((values) => [...values.keys()]))].sort(
    (a, b) => busy(b) - busy(a),
  );
  if (names.length < 2) return undefined;
  const more = names.length - MOST_INSTANCES;
  return {
    kind: 'table',
    id: 'instances',
    title: 'Instances',
    description: `Each by itself, over the whole time, the busiest first.${more > 0 ? ` ${more} more are left out.` : ''}`,
    unit: 'short',
    wide: true,
    columns: [{ title: 'instance' }, ...COLUMNS.map(({ title, unit }) => ({ title, unit }))],
    rows: names.slice(0, MOST_INSTANCES).map((name) => ({
      name,
      state: 'plain',
      cells: columns.map((values) => values.get(name) ?? null),
    })),
  };
}
