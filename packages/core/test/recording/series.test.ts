import { describe, expect, test } from 'vitest';
import { SeriesTable } from '../../src/recording/series.ts';
import type { Source } from '../../src/source.ts';
import { sourceWith } from '../sample-events.ts';

type Bound = { source: Source; values: readonly (string | undefined)[] };

function table(depth: number) {
  const bound: Bound[] = [];
  const series = new SeriesTable(depth, (source, values) => {
    const made = { source, values };
    bound.push(made);
    return made;
  });
  return { series, bound };
}

const VALUES: readonly string[] = ['a', 'b', 'c'];

describe.each([0, 1, 2, 3])('%i attributes', (depth) => {
  const values = VALUES.slice(0, depth);

  test('binds once, with the source and exactly the values of its attributes', () => {
    const { series, bound } = table(depth);
    const source = sourceWith();
    const first = series.at(source, ...values);
    expect(first).toEqual({ source, values });
    expect(series.at(source, ...values)).toBe(first);
    expect(bound).toHaveLength(1);
  });

  test('does not look at arguments past them', () => {
    const { series, bound } = table(depth);
    const source = sourceWith();
    expect(series.at(source, ...values, 'more')).toBe(series.at(source, ...values));
    expect(bound.map((made) => made.values)).toEqual([values]);
  });

  test('keeps sources apart by identity, also when they take turns', () => {
    const { series, bound } = table(depth);
    const [p, q] = [sourceWith(), sourceWith()];
    const [ofP, ofQ] = [series.at(p, ...values), series.at(q, ...values)];
    expect(ofP.source).toBe(p);
    expect(ofQ.source).toBe(q);
    expect(series.at(p, ...values)).toBe(ofP);
    expect(series.at(q, ...values)).toBe(ofQ);
    expect(bound).toHaveLength(2);
  });

  test('a difference in any one value is another series', () => {
    const { series } = table(depth);
    const source = sourceWith();
    const found = new Set([series.at(source, ...values)]);
    for (let i = 0; i < depth; i++) found.add(series.at(source, ...values.with(i, 'z')));
    expect(found.size).toBe(1 + depth);
  });

  test('an undefined value is one series of its own', () => {
    if (depth === 0) return;
    const { series, bound } = table(depth);
    const source = sourceWith();
    const without = series.at(source, ...values.slice(0, -1));
    expect(without.values).toEqual([...values.slice(0, -1), undefined]);
    expect(series.at(source, ...values.slice(0, -1))).toBe(without);
    expect(series.at(source, ...values)).not.toBe(without);
    expect(bound).toHaveLength(2);
  });
});

test('values that are names of what every object has are values like others', () => {
  const { series } = table(2);
  const source = sourceWith();
  expect(series.at(source, 'constructor', '__proto__').values).toEqual(['constructor', '__proto__']);
});

test('what cannot be bound is tried again', () => {
  let tries = 0;
  const series = new SeriesTable(1, () => {
    if (++tries === 1) throw new RangeError('no');
    return tries;
  });
  const source = sourceWith();
  expect(() => series.at(source, 'a')).toThrow('no');
  expect(series.at(source, 'a')).toBe(2);
});
