import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type AttributeValues,
  attribute,
  defineMetrics,
  type MetricDeclaration,
  type NamesOf,
  openAttribute,
} from '../../src/metrics/declaration.ts';

const color = attribute('my_cache.color', ['red', 'green']);
const counter: MetricDeclaration = {
  instrument: 'counter',
  unit: '{block}',
  description: 'Blocks.',
  grain: 'block',
  attributes: [color],
};
const histogram: MetricDeclaration = { ...counter, instrument: 'histogram', boundaries: [1, 2] };

test('a family keeps its subscriber and its metrics as they were declared, frozen', () => {
  const family = defineMetrics('mine', { 'my_cache.blocks': counter, 'my_cache.sizes': histogram });
  expect(family.subscriber).toBe('mine');
  expect(family.metrics).toEqual({ 'my_cache.blocks': counter, 'my_cache.sizes': histogram });
  expect(Object.isFrozen(family) && Object.isFrozen(family.metrics)).toBe(true);
});

test('types: names by instrument, and the values of the attributes in their order', () => {
  const { metrics } = defineMetrics('mine', {
    'my_cache.blocks': { ...counter, instrument: 'counter', attributes: [color] },
    'my_cache.sizes': { ...histogram, instrument: 'histogram', attributes: [] },
  });
  type Metrics = typeof metrics;
  expectTypeOf<NamesOf<Metrics, 'counter'>>().toEqualTypeOf<'my_cache.blocks'>();
  expectTypeOf<NamesOf<Metrics, 'histogram'>>().toEqualTypeOf<'my_cache.sizes'>();
  expectTypeOf<NamesOf<Metrics, 'observableGauge'>>().toBeNever();
  expectTypeOf<AttributeValues<Metrics['my_cache.blocks']>>().toEqualTypeOf<readonly ['red' | 'green']>();
  expectTypeOf<AttributeValues<Metrics['my_cache.sizes']>>().toEqualTypeOf<readonly []>();
});

describe('attributes', () => {
  test('stand on every measurement unless they say otherwise', () => {
    expect(color).toEqual({ name: 'my_cache.color', values: ['red', 'green'], presence: 'always' });
    expect(attribute('error.type', ['io_error'], 'on failure').presence).toBe('on failure');
    expect(Object.isFrozen(color)).toBe(true);
  });

  test('with an open set of values say how many they take', () => {
    expect(openAttribute('my_cache.backend', 16)).toEqual({
      name: 'my_cache.backend',
      values: ['_OTHER'],
      presence: 'when known',
      maxValues: 16,
    });
  });

  test('types: only what may be absent may be undefined', () => {
    const error = attribute('error.type', ['io_error'], 'on failure');
    const { metrics } = defineMetrics('mine', {
      'my_cache.blocks': { ...counter, attributes: [color, error, openAttribute('my.backend', 16)] },
    });
    expectTypeOf<AttributeValues<(typeof metrics)['my_cache.blocks']>>().toEqualTypeOf<
      readonly ['red' | 'green', 'io_error' | undefined, string | undefined]
    >();
  });
});

describe('refuses', () => {
  test.each([
    'blocks',
    'My.blocks',
    'my-cache.blocks',
    'my..blocks',
    '.blocks',
    'my.blocks.',
    '1my.blocks',
    '',
  ])('the name %j', (name) => {
    expect(() => defineMetrics('mine', { [name]: counter })).toThrow(
      `metric name is '${name}'; allowed: dotted snake_case, such as my_cache.block.age`,
    );
  });

  const refused: readonly [string, MetricDeclaration, string][] = [
    ['four attributes', { ...counter, attributes: [color, color, color, color] }, 'my.m: attributes is 4'],
    [
      'a histogram without boundaries',
      { ...counter, instrument: 'histogram' },
      'my.m: boundaries is undefined',
    ],
    ['a counter with boundaries', { ...counter, boundaries: [1] }, 'my.m: boundaries is an array'],
    ['boundaries that fall', { ...histogram, boundaries: [1, 3, 2] }, "my.m: boundaries is '1 3 2'"],
    ['boundaries that repeat', { ...histogram, boundaries: [1, 1] }, "my.m: boundaries is '1 1'"],
    ['a boundary that is NaN', { ...histogram, boundaries: [Number.NaN] }, "my.m: boundaries is 'NaN'"],
    [
      'an infinite boundary, which every histogram has anyway',
      { ...histogram, boundaries: [1, Number.POSITIVE_INFINITY] },
      "my.m: boundaries is '1 Infinity'; allowed: finite numbers, ascending",
    ],
  ];

  test.each(refused)('%s', (_, metric, message) => {
    expect(() => defineMetrics('mine', { 'my.m': metric })).toThrow(RangeError);
    expect(() => defineMetrics('mine', { 'my.m': metric })).toThrow(message);
  });
});
