import { setImmediate as nextTurn } from 'node:timers/promises';
import { labelName, type Query } from '@kvscope/dashboards';
import type { Answers, Labels, Sample, Series } from '../answers.js';

/** The time that a report is about. */
export interface ReportSpan {
  /** In s since the epoch. */
  readonly from: number;
  /** In s since the epoch, after `from`. */
  readonly to: number;
  /** Moments of the panels that show how something changed, 2 to 300. */
  readonly steps: number;
}

/** Asks for one report: everything about the same span of time. */
export class Asking {
  readonly span: ReportSpan;
  /** Times of the moments, in s since the epoch. */
  readonly times: readonly number[];
  readonly #answers: Answers;

  constructor(answers: Answers, span: ReportSpan) {
    this.#answers = answers;
    this.span = span;
    const step = (span.to - span.from) / (span.steps - 1);
    this.times = Array.from({ length: span.steps }, (_, i) => Number((span.from + i * step).toFixed(3)));
  }

  get seconds(): number {
    return this.span.to - this.span.from;
  }

  /** Over the whole span. */
  async whole(query: Query): Promise<readonly Sample[]> {
    await nextTurn();
    return this.#answers.at(query, { time: this.span.to, windowSeconds: this.seconds });
  }

  /** The one value of a query that is not kept apart by anything; null: no answer. */
  async one(query: Query): Promise<number | null> {
    const [first] = await this.whole(query);
    return first?.value ?? null;
  }

  /** The values of a query by one of its attributes, added up over its others. */
  async by(query: Query, attribute: string): Promise<ReadonlyMap<string, number>> {
    const values = new Map<string, number>();
    for (const { labels, value } of await this.whole(query)) {
      const name = labels[labelName(attribute)] ?? '';
      values.set(name, (values.get(name) ?? 0) + value);
    }
    return values;
  }

  /** What became of it. Whoever else works in this process gets a turn before. */
  async over(query: Query): Promise<readonly Series[]> {
    await nextTurn();
    return this.#answers.over(query, this.span);
  }

  /** Values of a series on the report's own moments, rounded to what can be seen. */
  onTimes({ points }: Series): (number | null)[] {
    const { from, to, steps } = this.span;
    const values: (number | null)[] = Array.from({ length: steps }, () => null);
    for (const [time, value] of points) {
      const i = Math.round(((time - from) / (to - from)) * (steps - 1));
      if (i >= 0 && i < steps) values[i] = rounded(value);
    }
    return values;
  }
}

/** What a line is called: the values of the labels that it is kept apart by. */
export function nameOf(labels: Labels, by: readonly string[]): string {
  return nameOfLabels(labels, by.map(labelName));
}

/** The same, of labels as Prometheus calls them. */
export function nameOfLabels(labels: Labels, names: readonly string[]): string {
  return names.flatMap((label) => labels[label] ?? []).join(' ');
}

/** Four digits: more than a chart shows, and less than half of the bytes. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
