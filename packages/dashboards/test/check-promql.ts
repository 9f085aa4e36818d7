import { type AttributeDeclaration, type MetricFamily, REGISTRY } from '@kvscope/core';
import type { Part } from '../src/catalog.ts';
import { createCatalog } from '../src/catalog.ts';
import { labelName, type Scheme } from '../src/scheme.ts';
import { parsePromql } from './promql.ts';

interface Series {
  readonly metric: string;
  readonly part: Part | undefined;
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>;
}

/** What Prometheus adds to every series. */
const TARGET_LABELS = ['job', 'instance'];

/** Every series name that the registry gives rise to. */
export function seriesOf(
  scheme: Scheme,
  registry: readonly MetricFamily[] = REGISTRY,
): ReadonlyMap<string, Series> {
  const catalog = createCatalog(registry, scheme);
  const found = new Map<string, Series>();
  for (const [metric, { instrument, attributes }] of registry.flatMap(({ metrics }) =>
    Object.entries(metrics),
  )) {
    const parts: readonly (Part | undefined)[] =
      instrument === 'histogram' ? ['bucket', 'sum', 'count'] : [undefined];
    const byLabel = new Map(attributes.map((attribute) => [labelName(attribute.name), attribute]));
    for (const part of parts) found.set(catalog.series(metric, part), { metric, part, attributes: byLabel });
  }
  return found;
}

/**
 * What is wrong with a query: no PromQL, or a name, label or value that the registry does not know.
 * @param recorded names that rules record, with their labels
 */
export function problemsOf(
  promql: string,
  series: ReadonlyMap<string, Series>,
  recorded: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly string[] {
  const { selectors, grouping, matching } = parsePromql(promql);
  const problems: string[] = [];
  const known = new Set(TARGET_LABELS);
  for (const { metric, matchers } of selectors) {
    const declared = series.get(metric);
    const labels = declared ? [...declared.attributes.keys()] : recorded.get(metric);
    if (labels === undefined) {
      problems.push(`${metric} is no metric of the registry`);
      continue;
    }
    const own = [...labels, ...(declared?.part === 'bucket' ? ['le'] : [])];
    for (const label of own) known.add(label);
    for (const { label, operator, value } of matchers) {
      if (![...own, ...TARGET_LABELS].includes(label)) problems.push(`${metric} has no label ${label}`);
      const attribute = declared?.attributes.get(label);
      if (attribute === undefined || attribute.maxValues !== undefined || value === '') continue;
      const values = operator.endsWith('~') ? value.split('|') : [value];
      const strange = values.filter((candidate) => !attribute.values.includes(candidate));
      if (strange.length > 0) problems.push(`${label} of ${metric} is never ${strange.join(', ')}`);
    }
  }
  for (const label of [...grouping, ...matching]) {
    if (!known.has(label)) problems.push(`grouped by ${label}, which no metric of the query has`);
  }
  return problems;
}
