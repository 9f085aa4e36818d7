import { REGISTRY } from '@kvscope/core';
import { createCatalog, promqlOf, ruleScope, type Scheme } from '@kvscope/dashboards';
import { type Answers, checkSpan, type Labels, type Point, type Sample } from '../answers.js';
import { rangeText } from '../prometheus/range-text.js';
import type { ScrapeRecording } from '../recording/scrape-recording.js';
import { evaluate } from './evaluate.js';

/** As Prometheus has it: a value that is older has gone. In s. */
const LOOKBACK = 300;
/** A rate needs two scrapes, and one of them may be late. */
const SCRAPES_OF_A_RATE = 4;

export interface RecordedAnswersOptions {
  /** What the recording is of, as a person reads it. */
  readonly source: string;
  /** How its PromQL is to call metrics. Default: prometheus. */
  readonly scheme?: Scheme;
  /** Labels that a Prometheus would have added to its series. Default: none. */
  readonly target?: Labels;
  /** Labels that every answer is kept apart by. Default: none, as there is one target. */
  readonly grouping?: readonly string[];
}

/** Answers from scrapes in memory. Its scrapes may go on growing. */
export function recordedAnswers(
  recording: ScrapeRecording,
  { source, scheme = 'prometheus', target = {}, grouping = [] }: RecordedAnswersOptions,
): Answers {
  const catalog = createCatalog(REGISTRY, scheme);
  const promql: Answers['promql'] = (query, seconds) =>
    promqlOf(query, ruleScope(catalog, grouping, rangeText(seconds)));
  const gap = (): number => {
    const { times } = recording;
    return times.length < 2 ? 0 : ((times.at(-1) as number) - (times[0] as number)) / (times.length - 1);
  };
  const ask: Answers['at'] = async (query, { time, windowSeconds }) => {
    promql(query, windowSeconds);
    const lookback = Math.max(LOOKBACK, SCRAPES_OF_A_RATE * gap());
    const answers = evaluate(query, { recording, target, grouping, time, range: windowSeconds, lookback });
    return [...answers.values()].filter(({ value }) => Number.isFinite(value));
  };
  return {
    source,
    scheme,
    grouping,
    at: ask,
    async over(query, span) {
      checkSpan(span);
      const step = (span.to - span.from) / (span.steps - 1);
      const windowSeconds = span.rangeSeconds ?? Math.max(step, SCRAPES_OF_A_RATE * gap());
      const series = new Map<string, { labels: Labels; points: Point[] }>();
      for (let i = 0; i < span.steps; i++) {
        const time = span.from + i * step;
        for (const sample of await ask(query, { time, windowSeconds })) add(series, time, sample);
      }
      return [...series.values()];
    },
    promql,
  };
}

function add(
  series: Map<string, { labels: Labels; points: Point[] }>,
  time: number,
  { labels, value }: Sample,
): void {
  const key = JSON.stringify(labels);
  const found = series.get(key);
  if (found === undefined) series.set(key, { labels, points: [[time, value]] });
  else found.points.push([time, value]);
}
