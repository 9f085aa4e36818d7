import { DASHBOARDS, type Dashboard, type Panel, panelsOf, type Query } from '@kvscope/dashboards';

/** The name of one of the dashboards. */
export type DashboardName = 'overview' | 'store' | 'layerwise' | 'lifecycle' | 'health';

/**
 * A panel of a dashboard, by its title: the report asks what the dashboards ask.
 * @throws RangeError when there is none
 */
export function knownPanel(dashboard: DashboardName, title: string): Panel {
  const { panels, sections } = DASHBOARDS.find(({ name }) => name === dashboard) as Dashboard;
  const found = panelsOf({ panels, sections } as Dashboard).find((panel) => panel.title === title);
  if (found === undefined) throw new RangeError(`the dashboard ${dashboard} has no panel '${title}'`);
  return found;
}

/**
 * The query of a panel: the one with that legend, or the only one.
 * @throws RangeError when there is none
 */
export function queryOf({ title, queries }: Panel, legend?: string): Query {
  const found =
    queries.find((query) => query.legend === legend) ?? (queries.length === 1 ? queries[0] : undefined);
  if (found === undefined) throw new RangeError(`the panel '${title}' has no query '${legend}'`);
  return found.query;
}
