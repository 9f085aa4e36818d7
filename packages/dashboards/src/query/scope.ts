import type { Catalog } from '../catalog.js';

/** Where a query is asked: what it is narrowed down to, what its answer is kept apart by, and how far it looks back. */
export interface Scope {
  readonly catalog: Catalog;
  /** Label matchers that go on every selector, such as `job=~"$service"`. */
  readonly matchers: readonly string[];
  /** Labels that every aggregation keeps, such as `job`. */
  readonly grouping: readonly string[];
  /** The range of a rate, such as `5m`. */
  readonly range: string;
}

/** The grouping lists that View switches between: each is the whole `by` list before a query's own labels. */
export const VIEWS = [
  { name: 'Aggregated', labels: ['job'] },
  { name: 'Per instance', labels: ['job', 'instance'] },
] as const;

/** For panels: Grafana puts in the variables. */
export function dashboardScope(catalog: Catalog): Scope {
  return {
    catalog,
    matchers: ['job=~"$service"', 'instance=~"$instance"'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
    grouping: ['${view:raw}'],
    range: '$__rate_interval',
  };
}

/** For rules, which see every service and keep them apart. */
export function ruleScope(catalog: Catalog, grouping: readonly string[], range: string): Scope {
  return { catalog, matchers: [], grouping, range };
}

/** For a query that a person types. */
export function recipeScope(catalog: Catalog): Scope {
  return { catalog, matchers: [], grouping: [], range: '5m' };
}
