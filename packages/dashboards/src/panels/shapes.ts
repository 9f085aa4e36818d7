import type { Selection } from '../query/expression.js';
import { buckets, mean, quantile, rate } from '../query/query.js';
import type { LineStyle, Panel, PanelQuery, PanelUnit, Thresholds } from './panel.js';

/** The panels that every dashboard is made of. */

export const GREEN = 'green';
export const YELLOW = 'yellow';
export const RED = 'red';

/** Green, then yellow above the first value and red above the second. */
export function worseAbove(yellow: number, red: number): Thresholds {
  return {
    base: GREEN,
    steps: [
      [yellow, YELLOW],
      [red, RED],
    ],
  };
}

type Given = Pick<Panel, 'title' | 'description'> & Partial<Pick<Panel, 'width' | 'thresholds'>>;
interface Spread extends Selection {
  /** In ascending order. Default: p50, p90, p99. */
  readonly quantiles?: readonly (0.5 | 0.9 | 0.95 | 0.99)[];
}

/** Quantiles and the average of a histogram. */
export function spread(metric: string, { quantiles = [0.5, 0.9, 0.99], ...selection }: Spread = {}) {
  return [
    ...quantiles.map((q): PanelQuery => {
      const name = `p${q * 100}` as LineStyle;
      return { query: quantile(q, metric, selection), legend: name, style: name };
    }),
    { query: mean(metric, selection), legend: 'average', style: 'average' } satisfies PanelQuery,
  ];
}

export function durations(metric: string, { title, description, ...rest }: Given, selection?: Spread): Panel {
  return { title, description, unit: 's', queries: spread(metric, selection), ...rest };
}

export function bandwidths(
  metric: string,
  { title, description, ...rest }: Given,
  selection?: Spread,
): Panel {
  return { title, description, unit: 'binBps', queries: spread(metric, selection), ...rest };
}

export function sizes(metric: string, { title, description, ...rest }: Given, selection?: Spread): Panel {
  return { title, description, unit: 'bytes', queries: spread(metric, selection), ...rest };
}

/** How many of something an observation of a histogram stands for. */
export function amounts(metric: string, { title, description, ...rest }: Given, selection?: Spread): Panel {
  return { title, description, unit: 'short', queries: spread(metric, selection), ...rest };
}

/** @param unit what is counted, such as `blocks` */
export function perSecond(
  metric: string,
  { title, description, ...rest }: Given,
  unit: string,
  selection?: Selection,
): Panel {
  return {
    title,
    description,
    unit: `suffix: ${unit}/s`,
    queries: [{ query: rate(metric, selection) }],
    ...rest,
  };
}

/** What really moved in a second, over everything that moved at once. */
export function throughput(
  metric: string,
  { title, description, ...rest }: Given,
  selection?: Selection,
): Panel {
  return { title, description, unit: 'binBps', queries: [{ query: rate(metric, selection) }], ...rest };
}

/** How observations spread over a histogram's buckets, and how that changes. */
export function heatmap(
  metric: string,
  { title, description, ...rest }: Given,
  unit: PanelUnit,
  selection?: Selection,
): Panel {
  const queries = [{ query: buckets(metric, selection) }];
  return { title, description, kind: 'heatmap', width: 12, unit, queries, ...rest };
}
