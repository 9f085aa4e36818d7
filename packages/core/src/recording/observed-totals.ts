import type { MetricDeclaration } from '../metrics/declaration.js';
import type { AttributeSet, Report } from './recorder.js';

/** Metrics that observers report, by name. */
export type ObservedMetrics = Readonly<Record<string, MetricDeclaration>>;
/** Reports what stands at the moment of a collection. */
export type Collect = (report: Report) => void;

/**
 * What observers report at one collection, by metric and attribute set. Two sources may have equal attributes, and who
 * collects keeps one value for a set: what adds up is therefore added up here. A sum of nothing is 0, also of a set
 * that was observed before and is no longer; a gauge takes the last value.
 * @param observed the sets of each metric that were observed before
 */
export function observedTotals(
  metrics: ObservedMetrics,
  observed: (name: string) => Iterable<AttributeSet>,
  observers: Iterable<Collect>,
): Map<string, Map<AttributeSet, number>> {
  const totals = new Map<string, Map<AttributeSet, number>>();
  for (const [name, { instrument }] of Object.entries(metrics)) {
    const before = instrument === 'observableUpDownCounter' ? [...observed(name)] : [];
    totals.set(name, new Map(before.map((attributes) => [attributes, 0])));
  }
  const report: Report = (name, value, attributes) => {
    const series = totals.get(name) as Map<AttributeSet, number>;
    const before = metrics[name]?.instrument === 'observableGauge' ? 0 : (series.get(attributes) ?? 0);
    series.set(attributes, before + value);
  };
  for (const collect of observers) collect(report);
  return totals;
}
