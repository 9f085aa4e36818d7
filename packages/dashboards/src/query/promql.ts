import { grows, type Part } from '../catalog.js';
import { labelName } from '../scheme.js';
import type { RateExpression, Selection } from './expression.js';
import type { Query } from './query.js';
import type { Scope } from './scope.js';

/** The labels that tell instances apart. */
export const INSTANCE_LABELS = ['job', 'instance'] as const;

/**
 * A query as PromQL.
 * @throws RangeError for a metric, attribute or value that is not in the registry
 */
export function promqlOf({ asks }: Query, scope: Scope): string {
  switch (asks.kind) {
    case 'rate':
      return aggregate('sum', asks.metric, rateOf(scope, asks), asks, scope);
    case 'level':
      return aggregate(asks.of, asks.metric, selector(scope, asks.metric, asks), asks, scope);
    case 'happened': {
      const series = selector(scope, asks.metric, asks);
      const [grew, now, before] = [
        rateOf(scope, { ...asks, kind: 'rate' }),
        series,
        `${series} offset ${scope.range}`,
      ].map((what) => aggregate('sum', asks.metric, what, asks, scope)) as [string, string, string];
      return `${grew} > 0 or ${now} unless ${before}`;
    }
    case 'quantile': {
      const buckets = rateOf(scope, { ...asks, kind: 'rate', part: 'bucket' });
      return `histogram_quantile(${asks.q}, ${aggregate('sum', asks.metric, buckets, asks, scope, ['le'])})`;
    }
    case 'buckets': {
      const rows = rateOf(scope, { ...asks, kind: 'rate', part: 'bucket' });
      return aggregate('sum', asks.metric, rows, {}, { ...scope, grouping: [] }, ['le']);
    }
    case 'divide':
      return `${operand(asks.above, scope)} / (${operand(asks.below, scope)} > 0)`;
    case 'complement':
      return `clamp(1 - ${promqlOf(asks.share, scope)}, 0, 1)`;
    case 'plus': {
      const [a, b] = [promqlOf(asks.first, scope), promqlOf(asks.second, scope)];
      return `(${a} + ${b} or ${a} or ${b})`;
    }
    case 'over':
      return `${asks.outer} ${byList([...scope.grouping, ...asks.by.map(labelName)])}(${promqlOf(asks.inner, scope)})`;
    case 'weighted': {
      const each: Scope = { ...scope, grouping: INSTANCE_LABELS };
      const product = `${promqlOf(asks.amount, each)} * ${promqlOf(asks.unit, each)}`;
      return `sum ${byList([...scope.grouping, ...asks.amount.by.map(labelName)])}(${product})`;
    }
  }
}

/** A division binds as tightly as the one around it. */
function operand(query: Query, scope: Scope): string {
  const text = promqlOf(query, scope);
  return query.means === 'additive' || query.means === 'level' ? text : `(${text})`;
}

function rateOf(scope: Scope, { metric, upTo, part, where }: RateExpression): string {
  const declaration = scope.catalog.declaration(metric);
  if (!grows(declaration)) throw new RangeError(`${metric} goes up and down: it has no rate`);
  if (upTo !== undefined && !declaration.boundaries?.includes(upTo)) {
    throw new RangeError(`${upTo} is no boundary of ${metric}`);
  }
  const of = upTo !== undefined ? 'bucket' : (part ?? (declaration.boundaries && 'count'));
  const bounds = upTo === undefined ? [] : [bound(upTo)];
  return `rate(${selector(scope, metric, { where }, of, bounds)}[${scope.range}])`;
}

/** Prometheus 3 stores the bound of a scraped bucket as a float, Prometheus 2 as it was written. */
function bound(value: number): string {
  return Number.isInteger(value) ? `le=~"${value}|${value}.0"` : `le="${value}"`;
}

function selector(
  scope: Scope,
  metric: string,
  { where = {} }: { readonly where?: Selection['where'] | undefined },
  part?: Part,
  more: readonly string[] = [],
): string {
  const matchers = [...scope.matchers, ...scope.catalog.matchers(metric, where), ...more];
  return `${scope.catalog.series(metric, part)}${matchers.length > 0 ? `{${matchers.join(', ')}}` : ''}`;
}

function aggregate(
  how: string,
  metric: string,
  what: string,
  { by = [] }: Selection,
  scope: Scope,
  first: readonly string[] = [],
): string {
  return `${how} ${byList([...first, ...scope.grouping, ...scope.catalog.labels(metric, by)])}(${what})`;
}

function byList(labels: readonly string[]): string {
  return labels.length > 0 ? `by (${labels.join(', ')}) ` : '';
}
