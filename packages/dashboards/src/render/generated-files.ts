import { type MetricFamily, REGISTRY } from '@kvscope/core';
import { createCatalog } from '../catalog.js';
import { DASHBOARDS } from '../panels/dashboards.js';
import type { Scheme } from '../scheme.js';
import { provisioning } from './provisioning.js';
import { renderDashboard } from './render-dashboard.js';
import { rulesYaml } from './rules-yaml.js';

/** Every file of a set, as the registry and the definitions are now. */
export function generatedFiles(
  scheme: Scheme,
  registry: readonly MetricFamily[] = REGISTRY,
): ReadonlyMap<string, string> {
  const catalog = createCatalog(registry, scheme);
  const files = new Map<string, string>();
  for (const dashboard of DASHBOARDS) {
    const json = JSON.stringify(renderDashboard(dashboard, catalog), undefined, 2);
    files.set(`grafana/dashboards/kvscope-${dashboard.name}.json`, `${json}\n`);
  }
  files.set('rules/kvscope.yaml', rulesYaml(catalog));
  return new Map([...files, ...provisioning()]);
}
