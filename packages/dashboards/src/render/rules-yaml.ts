import { stringify } from 'yaml';
import type { Catalog } from '../catalog.js';
import { conditionPromql } from '../condition.js';
import { promqlOf } from '../query/promql.js';
import { ruleScope } from '../query/scope.js';
import { ALERTS } from '../rules/alerts.js';
import { RECORDINGS } from '../rules/recordings.js';
import { type Alert, type Recording, RULE_RANGE } from '../rules/rule.js';

/** The rule file of a set, as Prometheus reads it. */
export function rulesYaml(catalog: Catalog): string {
  const groups = [
    {
      name: 'kvscope-recordings',
      interval: '30s',
      rules: RECORDINGS.map((rule) => recording(rule, catalog)),
    },
    { name: 'kvscope-alerts', interval: '30s', rules: ALERTS.map((rule) => alert(rule, catalog)) },
  ];
  return stringify({ groups }, { lineWidth: 0 });
}

function recording({ record, query, labels }: Recording, catalog: Catalog) {
  const expr = promqlOf(query, ruleScope(catalog, ['job'], RULE_RANGE));
  return { record, expr, ...(labels && { labels }) };
}

function alert(rule: Alert, catalog: Catalog) {
  const { name, severity, grouping, conditions, summary, description, playbook } = rule;
  const scope = ruleScope(catalog, grouping, RULE_RANGE);
  return {
    alert: name,
    expr: conditions.map((condition) => conditionPromql(condition, scope)).join(' and '),
    for: rule.for,
    labels: { severity },
    annotations: { summary, description, ...(playbook !== undefined && { playbook }) },
  };
}
