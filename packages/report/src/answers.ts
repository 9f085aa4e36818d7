import type { Query, Scheme } from '@kvscope/dashboards';

export type Labels = Readonly<Record<string, string>>;

/** One value, and the labels that it is kept apart by. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Time in s since the epoch, and value. */
export type Point = readonly [time: number, value: number];

/** What became of one sample over time; a moment without an answer has no point. */
export interface Series {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/** When a question is asked, and how far its rates look back. */
export interface Moment {
  /** In s since the epoch. */
  readonly time: number;
  /** In s, above 0. */
  readonly windowSeconds: number;
}

/** Moments at equal distances, both ends among them. */
export interface Span {
  /** In s since the epoch. */
  readonly from: number;
  /** In s since the epoch, after `from`. */
  readonly to: number;
  /** How many moments, 2 to {@link MOST_STEPS}. */
  readonly steps: number;
  /** How far the rates of each moment look back, in s. Default: a step, and at least four scrapes. */
  readonly rangeSeconds?: number;
}

export const MOST_STEPS = 300;

/** Whatever the questions of dashboards and playbooks can be asked: a Prometheus, or scrapes in memory. */
export interface Answers {
  /** Where answers come from, as a person reads it. */
  readonly source: string;
  /** How metrics are called there. */
  readonly scheme: Scheme;
  /** The labels that every answer is kept apart by beside a query's own, such as `job`. */
  readonly grouping: readonly string[];
  /**
   * What the query answers at a moment; empty where there is nothing to answer with. No order is promised, and a value
   * is always finite.
   * @throws Error when the answer cannot be had; RangeError for a query that the registry does not know
   */
  at(query: Query, moment: Moment): Promise<readonly Sample[]>;
  /**
   * The same, over time.
   * @throws as `at`; RangeError for a span that is empty or has too many steps
   */
  over(query: Query, span: Span): Promise<readonly Series[]>;
  /** The query as one would type it into a Prometheus that holds the same. */
  promql(query: Query, windowSeconds: number): string;
}

/** @throws RangeError that names what is wrong */
export function checkSpan({ from, to, steps }: Span): void {
  if (!(Number.isFinite(from) && Number.isFinite(to) && to > from)) {
    throw new RangeError(`from ${from} to ${to}: allowed: seconds since the epoch, the later one last`);
  }
  if (!(Number.isInteger(steps) && steps >= 2 && steps <= MOST_STEPS)) {
    throw new RangeError(`steps is ${steps}; allowed: a whole number from 2 to ${MOST_STEPS}`);
  }
}
