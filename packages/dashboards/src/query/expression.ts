import type { Part, Where } from '../catalog.js';
import type { Query } from './query.js';

/** Which measurements of a metric, and what they are kept apart by. */
export interface Selection {
  readonly where?: Where;
  readonly by?: readonly string[];
}

/** How much a second: of a counter what it counts, of a histogram its observations or the part that is named. */
export interface RateExpression extends Selection {
  readonly kind: 'rate';
  readonly metric: string;
  /** Of a histogram; default: count. */
  readonly part?: Part;
  /** Of a histogram: only observations of at most this, which must be one of its boundaries. */
  readonly upTo?: number;
}

/** What instances say at the moment, made one. */
export interface LevelExpression extends Selection {
  readonly kind: 'level';
  readonly of: 'sum' | 'max' | 'min' | 'avg';
  readonly metric: string;
}

/** A counter that grew, or began to be there. */
export interface HappenedExpression extends Selection {
  readonly kind: 'happened';
  readonly metric: string;
}

export interface QuantileExpression extends Selection {
  readonly kind: 'quantile';
  readonly q: number;
  readonly metric: string;
}

/** The observations in each bucket of a histogram, over all instances. */
export interface BucketsExpression extends Selection {
  readonly kind: 'buckets';
  readonly metric: string;
}

/** One over the other, where the other is above 0. */
export interface DivideExpression {
  readonly kind: 'divide';
  readonly above: Query;
  readonly below: Query;
}

/** What is missing to 1, from 0 to 1. */
export interface ComplementExpression {
  readonly kind: 'complement';
  readonly share: Query;
}

/** The sum; where only one of the two has an answer, that one. */
export interface PlusExpression {
  readonly kind: 'plus';
  readonly first: Query;
  readonly second: Query;
}

/** An answer with fewer labels. */
export interface OverExpression {
  readonly kind: 'over';
  readonly outer: 'sum' | 'max';
  readonly inner: Query;
  readonly by: readonly string[];
}

/** What each instance does times what one unit of it stands for there, added up. */
export interface WeightedExpression {
  readonly kind: 'weighted';
  readonly amount: Query;
  readonly unit: Query;
}

/** A question as data: PromQL is printed from it, and recorded scrapes are asked by it. */
export type Expression =
  | RateExpression
  | LevelExpression
  | HappenedExpression
  | QuantileExpression
  | BucketsExpression
  | DivideExpression
  | ComplementExpression
  | PlusExpression
  | OverExpression
  | WeightedExpression;
