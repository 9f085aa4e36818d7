import type { Labels, Sample } from '../answers.js';

/** Answers by their labels. */
export type Vector = ReadonlyMap<string, Sample>;

export type Aggregation = 'sum' | 'max' | 'min' | 'avg';

const AGGREGATE: Readonly<Record<Aggregation, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

/** One sample for each combination of the labels `by`; a label that is missing is as good as empty. */
export function aggregate(how: Aggregation, samples: Iterable<Sample>, by: readonly string[]): Vector {
  const groups = new Map<string, { labels: Labels; values: number[] }>();
  for (const { labels, value } of samples) {
    const kept = keep(labels, by);
    const key = keyOf(kept);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels: kept, values: [value] });
    else group.values.push(value);
  }
  return new Map(
    [...groups].map(([key, { labels, values }]) => [key, { labels, value: AGGREGATE[how](values) }]),
  );
}

/** Pairs of samples with the same labels, made one. */
export function join(a: Vector, b: Vector, make: (a: number, b: number) => number): Vector {
  return new Map(
    [...a].flatMap(([key, { labels, value }]) => {
      const other = b.get(key);
      return other === undefined ? [] : [[key, { labels, value: make(value, other.value) }] as const];
    }),
  );
}

export function where(vector: Vector, holds: (value: number) => boolean): Vector {
  return new Map([...vector].filter(([, { value }]) => holds(value)));
}

export function map(vector: Vector, make: (value: number) => number): Vector {
  return new Map([...vector].map(([key, { labels, value }]) => [key, { labels, value: make(value) }]));
}

/** Samples of the first, and those of the others whose labels it lacks. */
export function or(...vectors: readonly Vector[]): Vector {
  return new Map(vectors.toReversed().flatMap((vector) => [...vector]));
}

export function unless(a: Vector, b: Vector): Vector {
  return new Map([...a].filter(([key]) => !b.has(key)));
}

function keep(labels: Labels, by: readonly string[]): Labels {
  return Object.fromEntries(
    by.flatMap((name) => ((labels[name] ?? '') === '' ? [] : [[name, labels[name] as string]])),
  );
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
