import { REGISTRY } from '@kvscope/core';
import { createCatalog, promqlOf, ruleScope, SCHEMES, type Scheme } from '@kvscope/dashboards';
import { type Answers, checkSpan, type Point } from '../answers.js';
import { schemeOf, seriesNames } from '../recording/names.js';
import { type PrometheusApi, prometheusApi } from './api.js';
import { rangeText } from './range-text.js';

export interface PrometheusAnswersOptions {
  /** When metrics must be there, in s since the epoch: it is looked for their names then. */
  readonly time: number;
  /** How far before that they may be, in s. */
  readonly windowSeconds: number;
  /** How metrics are called there. Default: whichever scheme has more of their names. */
  readonly scheme?: Scheme;
  /** The one service to ask for, by its job. Default: all. */
  readonly job?: string;
  /** Labels that every answer is kept apart by. Default: `job`. */
  readonly grouping?: readonly string[];
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
}

/** A rate needs two scrapes, and one of them may be late. */
const SCRAPES_OF_A_RATE = 4;

/**
 * Answers from a Prometheus, by its HTTP API.
 * @param url such as `http://127.0.0.1:9090`, perhaps with credentials
 * @throws RangeError for what is no URL, Error when it cannot be asked or has no metric of ours
 */
export async function prometheusAnswers(
  url: string,
  { time, windowSeconds, scheme, job, grouping = ['job'], signal }: PrometheusAnswersOptions,
): Promise<Answers> {
  const api = prometheusApi(url, signal);
  const [at, whole] = [String(time), rangeText(windowSeconds)];
  // A string of PromQL has the escapes of one of JSON.
  const matchers = job === undefined ? [] : [`job=${JSON.stringify(job)}`];
  const found = await namesIn(api, matchers, at, whole);
  const [first] = found;
  if (first === undefined) {
    throw new Error(
      `Prometheus at ${api.address} has no metric of kvscope${job === undefined ? '' : ` of job '${job}'`} in the ${windowSeconds} s before ${new Date(time * 1000).toISOString()}`,
    );
  }
  const named = scheme ?? schemeOf(found) ?? 'prometheus';
  const catalog = createCatalog(REGISTRY, named);
  const promql: Answers['promql'] = (query, seconds) =>
    promqlOf(query, { ...ruleScope(catalog, grouping, rangeText(seconds)), matchers });
  const gap = windowSeconds / (await scrapesOf(api, first, at, whole));
  return {
    source: `Prometheus at ${api.address}`,
    scheme: named,
    grouping,
    async at(query, moment) {
      const parameters = { query: promql(query, moment.windowSeconds), time: String(moment.time) };
      const result = await api.ask('query', parameters);
      return result
        .map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }))
        .filter(({ value }) => Number.isFinite(value));
    },
    async over(query, span) {
      checkSpan(span);
      const step = (span.to - span.from) / (span.steps - 1);
      const range = span.rangeSeconds ?? Math.max(step, SCRAPES_OF_A_RATE * gap);
      const parameters = {
        query: promql(query, range),
        start: String(span.from),
        end: String(span.to),
        step: String(step),
      };
      const result = await api.ask('query_range', parameters);
      return result
        .map(({ metric, values = [] }) => ({
          labels: metric,
          points: values.map(pointOf).filter(isFinitePoint),
        }))
        .filter(({ points }) => points.length > 0);
    },
    promql,
  };
}

/** The names of our metrics that are there. */
async function namesIn(
  api: PrometheusApi,
  matchers: readonly string[],
  time: string,
  range: string,
): Promise<readonly string[]> {
  // One name for each part of a histogram would be more than it takes.
  const names = new Set(
    SCHEMES.flatMap((scheme) =>
      [...seriesNames(scheme)].flatMap(([name, { part }]) =>
        part === undefined || part === 'count' ? [name] : [],
      ),
    ),
  );
  const query = `count by (__name__) (last_over_time({${[`__name__=~"${[...names].join('|')}"`, ...matchers].join(', ')}}[${range}]))`;
  const result = await api.ask('query', { query, time });
  return result.flatMap(({ metric }) => metric.__name__ ?? []);
}

/** How often a series of that name was scraped. */
async function scrapesOf(api: PrometheusApi, name: string, time: string, range: string): Promise<number> {
  const [most] = await api.ask('query', { query: `max(count_over_time(${name}[${range}]))`, time });
  return Math.max(1, Number(most?.value?.[1] ?? 1));
}

function pointOf([time, value]: readonly [number, string]): Point {
  return [time, Number(value)];
}

function isFinitePoint([, value]: Point): boolean {
  return Number.isFinite(value);
}
