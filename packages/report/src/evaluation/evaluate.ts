import {
  type Expression,
  INSTANCE_LABELS,
  labelName,
  type Part,
  type Query,
  type Where,
} from '@kvscope/dashboards';
import type { Labels, Sample } from '../answers.js';
import type { RecordedSeries, ScrapeRecording } from '../recording/scrape-recording.js';
import { counterRate, indexAfter, TIME_TOLERANCE } from './counter-rate.js';
import { histogramQuantile } from './quantile.js';
import { aggregate, join, map, or, unless, type Vector, where as whereValue } from './vector.js';

/** Where and when a recording is asked. */
export interface Recorded {
  readonly recording: ScrapeRecording;
  /** Labels of the target, as Prometheus adds them to each series. */
  readonly target: Labels;
  /** Labels that every answer is kept apart by. */
  readonly grouping: readonly string[];
  /** In s since the epoch. */
  readonly time: number;
  /** How far rates look back, in s. */
  readonly range: number;
  /** For how long a scrape stands for the moments after it, in s. */
  readonly lookback: number;
}

/** Answers a query as Prometheus would that had made the same scrapes. */
export function evaluate({ asks }: Query, recorded: Recorded): Vector {
  switch (asks.kind) {
    case 'rate': {
      const part = asks.upTo === undefined ? asks.part : 'bucket';
      const rates = ratesOf({ ...asks, ...(part && { part }) }, recorded);
      return sumBy(asks, rates, recorded);
    }
    case 'level':
      return aggregate(asks.of, levelsOf(asks, recorded), labelsOf(asks, recorded));
    case 'happened': {
      const grew = whereValue(sumBy(asks, ratesOf(asks, recorded), recorded), (value) => value > 0);
      const now = sumBy(asks, levelsOf(asks, recorded), recorded);
      const then = { ...recorded, time: recorded.time - recorded.range };
      return or(grew, unless(now, sumBy(asks, levelsOf(asks, then), recorded)));
    }
    case 'quantile':
      return quantileOf(asks, recorded);
    case 'buckets': {
      const rows = [...ratesOf({ ...asks, part: 'bucket' }, recorded)].map(({ bound, ...sample }) => ({
        ...sample,
        labels: { le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
      }));
      return aggregate('sum', rows, ['le']);
    }
    case 'divide':
      return join(
        evaluate(asks.above, recorded),
        whereValue(evaluate(asks.below, recorded), (value) => value > 0),
        (above, below) => above / below,
      );
    case 'complement':
      return map(evaluate(asks.share, recorded), (share) => Math.min(1, Math.max(0, 1 - share)));
    case 'plus': {
      const [first, second] = [evaluate(asks.first, recorded), evaluate(asks.second, recorded)];
      return or(
        join(first, second, (a, b) => a + b),
        first,
        second,
      );
    }
    case 'over': {
      const inner = evaluate(asks.inner, recorded).values();
      return aggregate(asks.outer, inner, [...recorded.grouping, ...asks.by.map(labelName)]);
    }
    case 'weighted': {
      const each: Recorded = { ...recorded, grouping: INSTANCE_LABELS };
      const product = join(
        evaluate(asks.amount, each),
        evaluate(asks.unit, each),
        (amount, unit) => amount * unit,
      );
      return aggregate('sum', product.values(), [...recorded.grouping, ...asks.amount.by.map(labelName)]);
    }
  }
}

type Selector = Pick<Extract<Expression, { kind: 'rate' }>, 'metric' | 'where' | 'by' | 'part' | 'upTo'>;
type BoundSample = Sample & Pick<RecordedSeries, 'bound'>;

/** Of each series that is selected, how much it grows a second. */
function* ratesOf(asks: Selector, { recording, target, time, range }: Recorded): Generator<BoundSample> {
  for (const { values, labels, bound } of selected(asks, recording, true)) {
    const value = counterRate({ times: recording.times, values }, time - range, time);
    if (!Number.isNaN(value))
      yield { labels: { ...labels, ...target }, value, ...(bound !== undefined && { bound }) };
  }
}

/** Of each series that is selected, what it said last. */
function* levelsOf(asks: Selector, { recording, target, time, lookback }: Recorded): Generator<Sample> {
  const { times } = recording;
  const at = indexAfter(times, time + TIME_TOLERANCE) - 1;
  if (at < 0 || time - (times[at] as number) > lookback) return;
  for (const { values, labels } of selected(asks, recording, false)) {
    const value = values[at] as number;
    if (!Number.isNaN(value)) yield { labels: { ...labels, ...target }, value };
  }
}

function selected(
  { metric, where = {}, part, upTo }: Selector,
  recording: ScrapeRecording,
  counts: boolean,
): readonly RecordedSeries[] {
  return recording
    .series(metric, part ?? (counts ? countOf(metric, recording) : undefined))
    .filter(({ labels, bound }) => (upTo === undefined || bound === upTo) && matches(labels, where));
}

/** Of a histogram that no part is asked of, the observations are counted. */
function countOf(metric: string, recording: ScrapeRecording): Part | undefined {
  return recording.series(metric, 'count').length > 0 ? 'count' : undefined;
}

function matches(labels: Labels, where: Where): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    const value = labels[labelName(name)] ?? '';
    if (typeof wanted === 'string') return value === wanted;
    return 'present' in wanted ? (value !== '') === wanted.present : wanted.includes(value);
  });
}

function labelsOf({ by = [] }: Selector, { grouping }: Recorded): readonly string[] {
  return [...grouping, ...by.map(labelName)];
}

function sumBy(asks: Selector, samples: Iterable<Sample>, recorded: Recorded): Vector {
  return aggregate('sum', samples, labelsOf(asks, recorded));
}

function quantileOf(asks: Extract<Expression, { kind: 'quantile' }>, recorded: Recorded): Vector {
  const byBound = new Map<number, BoundSample[]>();
  for (const sample of ratesOf({ ...asks, part: 'bucket' }, recorded)) {
    const bound = sample.bound as number;
    const others = byBound.get(bound);
    if (others === undefined) byBound.set(bound, [sample]);
    else others.push(sample);
  }
  const bounds = [...byBound.keys()].sort((a, b) => a - b);
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY) return new Map();
  const sums = bounds.map((bound) => sumBy(asks, byBound.get(bound) as BoundSample[], recorded));
  const all = sums.at(-1) as Vector;
  return new Map(
    [...all].flatMap(([key, { labels }]) => {
      let below = 0;
      const counts = sums.map((sum) => {
        // Sums of rates may be out of order by rounding.
        const upTo = Math.max(below, sum.get(key)?.value ?? below);
        const inBucket = upTo - below;
        below = upTo;
        return inBucket;
      });
      const value = histogramQuantile(asks.q, { boundaries: bounds.slice(0, -1), counts });
      return Number.isNaN(value) ? [] : [[key, { labels, value }] as const];
    }),
  );
}
