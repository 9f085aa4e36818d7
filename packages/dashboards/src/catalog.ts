import type { MetricDeclaration, MetricFamily } from '@kvscope/core';
import { isCounter, labelName, metricName, type Scheme } from './scheme.js';

/** What an attribute must be: a value, one of several, or `{ present }`, for one that stands on some measurements only. */
export type Match = string | readonly string[] | { readonly present: boolean };
export type Where = Readonly<Record<string, Match>>;
export type Part = 'bucket' | 'sum' | 'count';

/** The metrics of a registry as a naming scheme calls them. What it does not know, it refuses. */
export interface Catalog {
  readonly scheme: Scheme;
  has(metric: string): boolean;
  /** @throws RangeError for a metric that is not in the registry; the message names it */
  declaration(metric: string): MetricDeclaration;
  /**
   * The name of a series.
   * @param part of a histogram; nothing else has parts
   * @throws RangeError for an unknown metric, or a part that its instrument has not
   */
  series(metric: string, part?: Part): string;
  /**
   * Label matchers.
   * @throws RangeError for an attribute or a value that the metric is not declared with
   */
  matchers(metric: string, where: Where): string[];
  /** Label names of attributes. @throws RangeError for an attribute that the metric is not declared with */
  labels(metric: string, attributes: readonly string[]): string[];
}

export function createCatalog(registry: readonly MetricFamily[], scheme: Scheme): Catalog {
  const declarations = new Map(registry.flatMap(({ metrics }) => Object.entries(metrics)));

  function declaration(metric: string): MetricDeclaration {
    const found = declarations.get(metric);
    if (found === undefined) throw new RangeError(`${metric} is not in the metric registry`);
    return found;
  }
  function attribute(metric: string, name: string) {
    const { attributes } = declaration(metric);
    const found = attributes.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    const known = attributes.map((candidate) => candidate.name).join(', ');
    throw new RangeError(`${metric} has no attribute ${name}; it has: ${known || 'none'}`);
  }

  return {
    scheme,
    has: (metric) => declarations.has(metric),
    declaration,
    series(metric, part) {
      const { instrument } = declaration(metric);
      if ((instrument === 'histogram') !== (part !== undefined)) {
        throw new RangeError(`${metric} is a ${instrument}: it has ${part ? `no ${part}` : 'parts only'}`);
      }
      const name = metricName(metric, declaration(metric), scheme);
      return part === undefined ? name : `${name}_${part}`;
    },
    matchers(metric, where) {
      return Object.entries(where).map(([name, match]) => {
        const { values, maxValues } = attribute(metric, name);
        const label = labelName(name);
        if (typeof match === 'object' && 'present' in match) return `${label}${match.present ? '!=' : '='}""`;
        const wanted = typeof match === 'string' ? [match] : match;
        const unknown = maxValues === undefined && wanted.find((value) => !values.includes(value));
        if (typeof unknown === 'string') {
          throw new RangeError(`${name} of ${metric} is never '${unknown}'; allowed: ${values.join(', ')}`);
        }
        return typeof match === 'string' ? `${label}="${match}"` : `${label}=~"${match.join('|')}"`;
      });
    },
    labels: (metric, attributes) => attributes.map((name) => labelName(attribute(metric, name).name)),
  };
}

/** Whether what a metric adds up to only ever grows, so that a rate of it means something. */
export function grows({ instrument }: MetricDeclaration): boolean {
  return instrument === 'histogram' || isCounter(instrument);
}
