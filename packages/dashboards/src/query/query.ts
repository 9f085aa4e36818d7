import type { Expression, LevelExpression, RateExpression, Selection } from './expression.js';

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
  readonly asks: Expression;
}

/** How much a second: of a counter what it counts, of a histogram its observations or, as `sum`, their values. */
export function rate(
  metric: string,
  selection: Selection & Pick<RateExpression, 'part' | 'upTo'> = {},
): Query {
  return selected('additive', { kind: 'rate', metric, ...selection });
}

/**
 * Whether a counter grew or began to be there. A series that is born with its first event never grows by it, so that
 * a rate alone misses the first failure of each kind.
 */
export function happened(metric: string, selection: Selection = {}): Query {
  return selected('level', { kind: 'happened', metric, ...selection });
}

/** What stands at the moment, over all instances. */
export function total(metric: string, selection: Selection = {}): Query {
  return selected('additive', { kind: 'level', of: 'sum', metric, ...selection });
}

/** The greatest or the mean of what the instances say at the moment. */
export function level(
  metric: string,
  selection: Selection & { readonly of: Exclude<LevelExpression['of'], 'sum'> },
): Query {
  return selected('level', { kind: 'level', metric, ...selection });
}

/** A quantile of a histogram, by linear interpolation within a bucket. */
export function quantile(q: number, metric: string, selection: Selection = {}): Query {
  return selected('quantile', { kind: 'quantile', q, metric, ...selection });
}

/** The observations that fell into each bucket of a histogram, a second, over all instances: the rows of a heat map. */
export function buckets(metric: string, selection: Selection = {}): Query {
  return { ...selected('level', { kind: 'buckets', metric, ...selection }), by: [] };
}

/** The mean of a histogram. */
export function mean(metric: string, selection: Selection = {}): Query {
  return divide(
    rate(metric, { ...selection, part: 'sum' }),
    rate(metric, { ...selection, part: 'count' }),
    'mean',
  );
}

/** A share from 0 to 1. Where there was nothing to share it has no answer, rather than 0 or 1. */
export function ratio(part: Query, whole: Query): Query {
  return divide(part, whole, 'ratio');
}

/** One over the other, where the other is above 0. */
export function divide(above: Query, below: Query, means: Meaning = 'mean'): Query {
  return { means, by: above.by, metrics: joined(above, below), asks: { kind: 'divide', above, below } };
}

/**
 * What is missing to 1, from 0 to 1. The two sides of a share may be a little apart: a wait that failed has no load
 * beside it, and rates of two series are extrapolated apart.
 */
export function complement(share: Query): Query {
  return { ...share, asks: { kind: 'complement', share } };
}

/** Two questions with the same labels, added up; where only one of them has an answer, that one. */
export function plus(first: Query, second: Query): Query {
  return {
    means: 'additive',
    by: first.by,
    metrics: joined(first, second),
    asks: { kind: 'plus', first, second },
  };
}

/** What `outer` makes of an answer of which it keeps the labels `by`. */
export function over(outer: 'sum' | 'max', inner: Query, by: readonly string[] = []): Query {
  return {
    means: outer === 'sum' && inner.means === 'additive' ? 'additive' : 'level',
    by,
    metrics: inner.metrics,
    asks: { kind: 'over', outer, inner, by },
  };
}

/** Multiplies what each instance does by what one unit of it stands for there, then adds up. */
export function weighted(amount: Query, unit: Query): Query {
  return {
    means: 'additive',
    by: amount.by,
    metrics: joined(amount, unit),
    asks: { kind: 'weighted', amount, unit },
  };
}

function selected(means: Meaning, asks: Extract<Expression, { readonly metric: string }>): Query {
  return { means, by: asks.by ?? [], metrics: [asks.metric], asks };
}

function joined(...queries: readonly Query[]): readonly string[] {
  return [...new Set(queries.flatMap(({ metrics }) => metrics))];
}
