import { describe, expect, test } from 'vitest';
import { MAX_METRIC_ATTRIBUTES } from '../../src/metrics/declaration.ts';
import { REGISTRY } from '../../src/metrics/registry.ts';

const METRICS = REGISTRY.flatMap((family) => Object.entries(family.metrics));
/** What OTLP to Prometheus appends by itself, and what units are called. */
const UNIT_WORDS = /^(total|ratio|seconds?|secs?|ms|millis(econds)?|us|ns|bytes?|gbps|percent)$/;
/** Counters of a state or a mass, which have no plural. */
const WITHOUT_PLURAL = new Set([
  'untracked',
  'abandoned',
  'batches_abandoned',
  'io',
  'missed',
  'replayed',
  'dropped',
]);

test('each subscriber once, each metric once', () => {
  const subscribers = REGISTRY.map((family) => family.subscriber);
  expect(new Set(subscribers).size).toBe(subscribers.length);
  const names = METRICS.map(([name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(0);
});

describe.each(METRICS)('%s', (name, metric) => {
  test('is in our namespace, with no unit and no total in its name', () => {
    expect(name).toMatch(/^kv_cache(\.[a-z]+(_[a-z]+)*)+$/);
    const words = name.split(/[._]/);
    expect(
      words.filter((word) => UNIT_WORDS.test(word) && !(word === 'ratio' && metric.unit === '1')),
    ).toEqual([]);
  });

  test('has a unit of UCUM', () => {
    expect(metric.unit).toMatch(/^(s|By|By\/s|1|\{[a-z]+\})$/);
  });

  test('is plural where it counts things', () => {
    if (metric.instrument !== 'counter' && metric.instrument !== 'observableCounter') return;
    const last = name.split('.').at(-1) as string;
    expect(last.endsWith('s') || WITHOUT_PLURAL.has(last)).toBe(true);
    expect(metric.unit).toMatch(/^(By|\{[a-z]+\})$/);
  });

  test('has boundaries exactly when it is a histogram', () => {
    expect(metric.boundaries !== undefined).toBe(metric.instrument === 'histogram');
  });

  test('tells what it is in a sentence, and what one observation stands for', () => {
    expect(metric.description).toMatch(/^[A-Z].*\.$/);
    expect(metric.grain).toMatch(/^[a-z].*[^.]$/);
  });

  test('has at most three attributes, each once, ours, with a closed set of values', () => {
    const names = metric.attributes.map((attribute) => attribute.name);
    expect(names.length).toBeLessThanOrEqual(MAX_METRIC_ATTRIBUTES);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, values } of metric.attributes) {
      expect(name).toMatch(/^(kv_cache\.[a-z_.]+|error\.type)$/);
      expect(values.length).toBeGreaterThan(0);
      expect(new Set(values).size).toBe(values.length);
    }
  });
});

test('an attribute has one set of values, or a part of it, wherever it stands', () => {
  // Tasks load and dump, layers are loaded and saved: no metric is about all three.
  const sets = new Map<string, readonly string[]>([['kv_cache.operation.name', ['load', 'dump', 'save']]]);
  for (const { name, values } of METRICS.flatMap(([, metric]) => metric.attributes)) {
    const known = sets.get(name) ?? values;
    sets.set(name, known.length >= values.length ? known : values);
  }
  for (const { name, values } of METRICS.flatMap(([, metric]) => metric.attributes)) {
    expect(sets.get(name)).toEqual(expect.arrayContaining([...values]));
  }
});
