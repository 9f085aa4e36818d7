import {
  type AttributeDeclaration,
  type InstrumentKind,
  type MetricDeclaration,
  type MetricFamily,
  REGISTRY,
} from '@kvscope/core';
import { boundaryName, boundaryText } from './boundary-lists.js';
import { generatedPage, type Page } from './page.js';
import { codeList, linkTo, table } from './table.js';

const INSTRUMENTS: Readonly<Record<InstrumentKind, string>> = {
  histogram: 'histogram',
  counter: 'counter',
  observableCounter: 'observable counter',
  observableUpDownCounter: 'observable up-down counter',
  observableGauge: 'observable gauge',
};

const INTRODUCTION = `Every metric, by the subscriber that records it. Each is recorded at exactly one place.

- On top of the attributes below, a measurement carries those that its [source](EVENTS.md#sources) was made with: at
  most two. Past 128 distinct sets of them, all further sources share the set \`otel.metric.overflow = true\`.
- An attribute takes the values listed and no other, and stands on every measurement unless it says \`on failure\`, or
  \`when known\` to the source.
- **Sampled** metrics stand for the blocks whose key is in the sample: divide their counts by
  \`kv_cache.sampling.rate\`. Means, quantiles and ratios between them need no scaling.
- A ratio is never a metric: numerator and denominator are, on the same events, and the query divides.
- In Prometheus each dot becomes \`_\` and a counter ends in \`_total\`; over OTLP the unit, such as \`_seconds\`, is
  appended as well.`;

/** METRICS.md: every metric of the registry. */
export function metricsPage(): Page {
  return generatedPage('METRICS.md', 'Metrics', 'the metric registry in packages/core/src/metrics', [
    INTRODUCTION,
    ...REGISTRY.flatMap(familySection),
    '## Boundaries',
    'Upper bounds of the histogram buckets, advised to the SDK; a View overrides them.',
    ...namedLists().flatMap(([name, list, units]) => [
      `### ${name}`,
      `In ${codeList(units)}: ${boundaryText(list)}`,
    ]),
  ]);
}

function familySection({ subscriber, metrics }: MetricFamily): string[] {
  const entries = Object.entries(metrics);
  const overview = entries.map(([name, { instrument, unit, grain }]) => [
    linkTo(name, `\`${name}\``),
    INSTRUMENTS[instrument],
    `\`${unit}\``,
    grain,
  ]);
  return [
    `## ${subscriber}`,
    table(['Metric', 'Instrument', 'Unit', 'One observation'], overview),
    ...entries.flatMap(([name, metric]) => [`### \`${name}\``, metric.description, facts(metric)]),
  ];
}

function facts({ instrument, unit, grain, attributes, boundaries }: MetricDeclaration): string {
  const lines = [`Instrument: ${INSTRUMENTS[instrument]}, unit \`${unit}\``, `One observation: ${grain}`];
  if (boundaries !== undefined) {
    const name = boundaryName(boundaries);
    lines.push(`Boundaries: ${name === undefined ? boundaryText(boundaries) : linkTo(name)}`);
  }
  lines.push(...attributes.map(attributeText));
  return lines.map((line) => `- ${line}`).join('\n');
}

function attributeText({ name, values, presence, maxValues }: AttributeDeclaration): string {
  const open = `any name; past ${maxValues} of them ${codeList(values)}`;
  return `\`${name}\`${presence === 'always' ? '' : `, ${presence}`}: ${maxValues === undefined ? codeList(values) : open}`;
}

/** Each list that has a name and is used, once, with the units of the metrics that use it. */
function namedLists(): readonly (readonly [string, readonly number[], readonly string[]])[] {
  const found = new Map<string, { list: readonly number[]; units: Set<string> }>();
  for (const { boundaries = [], unit } of REGISTRY.flatMap(({ metrics }) => Object.values(metrics))) {
    const name = boundaryName(boundaries);
    if (name === undefined) continue;
    const entry = found.get(name) ?? { list: boundaries, units: new Set<string>() };
    found.set(name, entry);
    entry.units.add(unit);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { list, units }]) => [name, list, [...units]]);
}
