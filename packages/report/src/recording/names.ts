import { type MetricDeclaration, REGISTRY } from '@kvscope/core';
import { createCatalog, grows, type Part, SCHEMES, type Scheme } from '@kvscope/dashboards';

export interface NamedSeries {
  readonly metric: string;
  readonly part?: Part;
  readonly grows: boolean;
}

export const DECLARATIONS: ReadonlyMap<string, MetricDeclaration> = new Map(
  REGISTRY.flatMap(({ metrics }) => Object.entries<MetricDeclaration>(metrics)),
);

/** What the names of series in Prometheus stand for. */
export type SeriesNames = ReadonlyMap<string, NamedSeries>;

const NAMES = new Map(SCHEMES.map((scheme) => [scheme, namesOf(scheme)]));

export function seriesNames(scheme: Scheme): SeriesNames {
  return NAMES.get(scheme) as SeriesNames;
}

/** The scheme that most of the names belong to that one of the two has alone; undefined when there is no such name. */
export function schemeOf(names: Iterable<string>): Scheme | undefined {
  const counts = { prometheus: 0, otlp: 0 };
  for (const name of names) {
    const known = SCHEMES.filter((scheme) => seriesNames(scheme).has(name));
    if (known.length === 1) counts[known[0] as Scheme]++;
  }
  if (counts.prometheus + counts.otlp === 0) return undefined;
  return counts.otlp > counts.prometheus ? 'otlp' : 'prometheus';
}

function namesOf(scheme: Scheme): SeriesNames {
  const catalog = createCatalog(REGISTRY, scheme);
  return new Map(
    [...DECLARATIONS].flatMap(([metric, declaration]): [string, NamedSeries][] => {
      const growing = grows(declaration);
      if (declaration.instrument !== 'histogram') {
        return [[catalog.series(metric), { metric, grows: growing }]];
      }
      return (['bucket', 'sum', 'count'] as const).map((part) => [
        catalog.series(metric, part),
        { metric, part, grows: growing },
      ]);
    }),
  );
}
