import type { Catalog } from '../catalog.js';
import { health } from './health.js';
import { layerwise } from './layerwise.js';
import { lifecycle } from './lifecycle.js';
import { overview } from './overview.js';
import { type Dashboard, type Panel, panelsOf } from './panel.js';
import { store } from './store.js';

const ALL: readonly Dashboard[] = [overview, store, layerwise, lifecycle, health];

/** Panels of metrics that a registry may or may not have: without them they are left out, everywhere else a name must be known. */
const OPTIONAL: readonly string[] = ['kv_cache.reuse.hit_ratio'];

/** Metrics that are on no panel, and why. */
export const OFF_PANEL: Readonly<Record<string, string>> = {
  'kv_cache.source.last_sequence':
    'It only grows; what can be read from it (missed, replayed, duplicates) has panels. It is there to find one batch again.',
};

/** The dashboards that the metrics of a catalog can fill. */
export function dashboards(catalog: Catalog): readonly Dashboard[] {
  const there = (panel: Panel): boolean =>
    panel.queries.every(({ query }) =>
      query.metrics.every((metric) => !OPTIONAL.includes(metric) || catalog.has(metric)),
    );
  return ALL.map((dashboard) => ({
    ...dashboard,
    panels: dashboard.panels.filter(there),
    sections: dashboard.sections.map((section) => ({ ...section, panels: section.panels.filter(there) })),
  }));
}

/** The metrics that are on a panel. */
export function shownMetrics(all: readonly Dashboard[]): ReadonlySet<string> {
  const queries = all.flatMap(panelsOf).flatMap((panel) => panel.queries);
  return new Set(queries.flatMap(({ query }) => query.metrics));
}
