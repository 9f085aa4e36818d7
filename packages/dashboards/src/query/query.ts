import type { Part, Where } from '../catalog.js';
import { grows } from '../catalog.js';
import { labelName } from '../scheme.js';
import type { Scope } from './scope.js';

/**
 * What an answer is:
 * - `additive`: the answer for a service is the sum of those for its instances,
 * - `ratio`: a share from 0 to 1,
 * - `quantile`: an estimate from a histogram's buckets,
 * - `mean`: a sum over a count, or one rate over another, that may take any value,
 * - `level`: something that is neither added up nor averaged, such as the highest of the instances.
 */
export type Meaning = 'additive' | 'ratio' | 'quantile' | 'mean' | 'level';

/** A question about metrics, in no naming scheme and no scope yet. */
export interface Query {
  readonly means: Meaning;
  /** The attributes that its answer is kept apart by, beside the scope's labels. */
  readonly by: readonly string[];
  /** Every metric that it reads, by its name in the registry. */
  readonly metrics: readonly string[];
  /** Which quantile of which metric, where it is one. */
  readonly quantile?: QuantileQuestion;
  /** @throws RangeError for a metric, attribute or value that is not in the registry */
  promql(scope: Scope): string;
}

export interface QuantileQuestion extends Selection {
  readonly q: number;
  readonly metric: string;
}

export interface Selection {
  readonly where?: Where;
  readonly by?: readonly string[];
}

interface RateSelection extends Selection {
  /** Of a histogram; default: count. */
  readonly part?: Part;
  /** Of a histogram: only observations of at most this, which must be one of its boundaries. */
  readonly upTo?: number;
}

/** How much a second: of a counter what it counts, of a histogram its observations or, as `sum`, their values. */
export function rate(metric: string, selection: RateSelection = {}): Query {
  return {
    means: 'additive',
    by: selection.by ?? [],
    metrics: [metric],
    promql: (scope) => aggregate('sum', metric, rateOf(scope, metric, selection), selection, scope),
  };
}

/**
 * Whether a counter grew or began to be there. A series that is born with its first event never grows by it, so that
 * a rate alone misses the first failure of each kind.
 */
export function happened(metric: string, selection: Selection = {}): Query {
  return {
    means: 'level',
    by: selection.by ?? [],
    metrics: [metric],
    promql(scope) {
      const series = selector(scope, metric, selection);
      const [grew, now, before] = [
        rateOf(scope, metric, selection),
        series,
        `${series} offset ${scope.range}`,
      ].map((what) => aggregate('sum', metric, what, selection, scope)) as [string, string, string];
      return `${grew} > 0 or ${now} unless ${before}`;
    },
  };
}

/** What stands at the moment, over all instances. */
export function total(metric: string, selection: Selection = {}): Query {
  return {
    means: 'additive',
    by: selection.by ?? [],
    metrics: [metric],
    promql: (scope) => aggregate('sum', metric, selector(scope, metric, selection), selection, scope),
  };
}

/** The greatest or the mean of what the instances say at the moment. */
export function level(
  metric: string,
  { of, ...selection }: Selection & { readonly of: 'max' | 'min' | 'avg' },
): Query {
  return {
    means: 'level',
    by: selection.by ?? [],
    metrics: [metric],
    promql: (scope) => aggregate(of, metric, selector(scope, metric, selection), selection, scope),
  };
}

/** A quantile of a histogram, by linear interpolation within a bucket. */
export function quantile(q: number, metric: string, selection: Selection = {}): Query {
  return {
    means: 'quantile',
    by: selection.by ?? [],
    metrics: [metric],
    quantile: { q, metric, ...selection },
    promql(scope) {
      const buckets = rateOf(scope, metric, { ...selection, part: 'bucket' });
      return `histogram_quantile(${q}, ${aggregate('sum', metric, buckets, selection, scope, ['le'])})`;
    },
  };
}

/** The observations that fell into each bucket of a histogram, a second, over all instances: the rows of a heat map. */
export function buckets(metric: string, selection: Selection = {}): Query {
  return {
    means: 'level',
    by: [],
    metrics: [metric],
    promql(scope) {
      const rows = rateOf(scope, metric, { ...selection, part: 'bucket' });
      return aggregate('sum', metric, rows, {}, { ...scope, grouping: [] }, ['le']);
    },
  };
}

/** The mean of a histogram. */
export function mean(metric: string, selection: Selection = {}): Query {
  const of = (part: Part): Query => rate(metric, { ...selection, part });
  return divide(of('sum'), of('count'), 'mean');
}

/** A share from 0 to 1. Where there was nothing to share it has no answer, rather than 0 or 1. */
export function ratio(part: Query, whole: Query): Query {
  return divide(part, whole, 'ratio');
}

/** One over the other, where the other is above 0. */
export function divide(above: Query, below: Query, means: Meaning = 'mean'): Query {
  return {
    means,
    by: above.by,
    metrics: joined(above, below),
    promql: (scope) => `${operand(above, scope)} / (${operand(below, scope)} > 0)`,
  };
}

/**
 * What is missing to 1, from 0 to 1. The two sides of a share may be a little apart: a wait that failed has no load
 * beside it, and rates of two series are extrapolated apart.
 */
export function complement(share: Query): Query {
  return { ...share, promql: (scope) => `clamp(1 - ${share.promql(scope)}, 0, 1)` };
}

/** Two questions with the same labels, added up; where only one of them has an answer, that one. */
export function plus(first: Query, second: Query): Query {
  return {
    means: 'additive',
    by: first.by,
    metrics: joined(first, second),
    promql(scope) {
      const [a, b] = [first.promql(scope), second.promql(scope)];
      return `(${a} + ${b} or ${a} or ${b})`;
    },
  };
}

/** What `outer` makes of an answer whose labels `drop` it does not keep. */
export function over(outer: 'sum' | 'max', inner: Query, by: readonly string[] = []): Query {
  return {
    means: outer === 'sum' && inner.means === 'additive' ? 'additive' : 'level',
    by,
    metrics: inner.metrics,
    promql: (scope) =>
      `${outer} ${byList([...scope.grouping, ...by.map(labelName)])}(${inner.promql(scope)})`,
  };
}

/** Multiplies what each instance does by what one unit of it stands for there, then adds up. */
export function weighted(amount: Query, unit: Query): Query {
  const labels = ['job', 'instance'];
  return {
    means: 'additive',
    by: amount.by,
    metrics: joined(amount, unit),
    promql(scope) {
      const each: Scope = { ...scope, grouping: labels };
      const product = `${amount.promql(each)} * ${unit.promql(each)}`;
      return `sum ${byList([...scope.grouping, ...amount.by.map(labelName)])}(${product})`;
    },
  };
}

function joined(...queries: readonly Query[]): readonly string[] {
  return [...new Set(queries.flatMap(({ metrics }) => metrics))];
}

/** A division binds as tightly as the one around it. */
function operand(query: Query, scope: Scope): string {
  const text = query.promql(scope);
  return query.means === 'additive' || query.means === 'level' ? text : `(${text})`;
}

function rateOf(scope: Scope, metric: string, { upTo, part, ...selection }: RateSelection): string {
  const declaration = scope.catalog.declaration(metric);
  if (!grows(declaration)) throw new RangeError(`${metric} goes up and down: it has no rate`);
  if (upTo !== undefined && !declaration.boundaries?.includes(upTo)) {
    throw new RangeError(`${upTo} is no boundary of ${metric}`);
  }
  const of = upTo !== undefined ? 'bucket' : (part ?? (declaration.boundaries && 'count'));
  const bounds = upTo === undefined ? [] : [bound(upTo)];
  return `rate(${selector(scope, metric, selection, of, bounds)}[${scope.range}])`;
}

/** Prometheus 3 stores the bound of a scraped bucket as a float, Prometheus 2 as it was written. */
function bound(value: number): string {
  return Number.isInteger(value) ? `le=~"${value}|${value}.0"` : `le="${value}"`;
}

function selector(
  scope: Scope,
  metric: string,
  { where = {} }: Selection,
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
