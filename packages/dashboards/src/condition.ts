import { promqlOf } from './query/promql.js';
import type { Query } from './query/query.js';
import type { Scope } from './query/scope.js';

/** A figure that is out of bounds. What `kvscope` says of a cache rests on these and on nothing else. */
export interface Condition {
  /** What the figure is, in words that fit before "above" and "below". */
  readonly figure: string;
  readonly query: Query;
  readonly is: 'above' | 'below';
  readonly bound: number;
  /** Of the bound. A `ratio` is a share or how many times as much. */
  readonly unit: 's' | 'ratio' | 'block/s' | '1/s';
  /** Holds as well where there is nothing to make the figure of, which is worse still. Default: false. */
  readonly orNone?: boolean;
  /** Tells one trouble from another, and says nothing of how bad it is. Default: false. */
  readonly context?: boolean;
}

/** A condition as PromQL: it answers with the series that meet it. */
export function conditionPromql({ query, is, bound }: Condition, scope: Scope): string {
  return `(${promqlOf(query, scope)}) ${is === 'above' ? '>' : '<'} ${bound}`;
}
