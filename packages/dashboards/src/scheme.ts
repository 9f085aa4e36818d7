import type { MetricDeclaration } from '@kvscope/core';

/**
 * How a metric's name reads in Prometheus: `prometheus` when Prometheus scrapes the JavaScript exporter, `otlp` when
 * the metric went through OTLP and was translated by Prometheus or by the OpenTelemetry Collector.
 */
export const SCHEMES = ['prometheus', 'otlp'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** UCUM units that the OTLP translation spells out; an annotation such as `{block}` and the unit `1` have no word. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  By: 'bytes',
  'By/s': 'bytes_per_second',
};

/**
 * The name of a metric, without the `_bucket`, `_sum` and `_count` of a histogram.
 *
 * Source of the OTLP rules: the OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", section
 * "Metric Metadata": the unit is appended unless the name has the word already, `_ratio` on gauges in `1` only, then
 * `_total` on counters.
 */
export function metricName(
  name: string,
  { instrument, unit }: Pick<MetricDeclaration, 'instrument' | 'unit'>,
  scheme: Scheme,
): string {
  const words = escaped(name).split('_');
  if (scheme === 'otlp') {
    const word = instrument === 'observableGauge' && unit === '1' ? 'ratio' : UNIT_WORDS[unit];
    if (word !== undefined && !words.includes(word)) words.push(word);
  }
  if (isCounter(instrument)) words.push('total');
  return words.join('_');
}

/** The label of an attribute; the same in both schemes. */
export function labelName(attribute: string): string {
  return escaped(attribute);
}

export function isCounter(instrument: MetricDeclaration['instrument']): boolean {
  return instrument === 'counter' || instrument === 'observableCounter';
}

function escaped(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
