import { health } from './health.js';
import { layerwise } from './layerwise.js';
import { lifecycle } from './lifecycle.js';
import { overview } from './overview.js';
import { type Dashboard, panelsOf } from './panel.js';
import { store } from './store.js';

export const DASHBOARDS: readonly Dashboard[] = [overview, store, layerwise, lifecycle, health];

/** Metrics that are on no panel, and why. */
export const OFF_PANEL: Readonly<Record<string, string>> = {
  'kv_cache.source.last_sequence':
    'It only grows; what can be read from it (missed, replayed, duplicates) has panels. It is there to find one batch again.',
};

/** The metrics that are on a panel. */
export function shownMetrics(all: readonly Dashboard[]): ReadonlySet<string> {
  const queries = all.flatMap(panelsOf).flatMap((panel) => panel.queries);
  return new Set(queries.flatMap(({ query }) => query.metrics));
}
