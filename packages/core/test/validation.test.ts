import { describe, expect, test } from 'vitest';
import { integerOption, numberOption, requireThat } from '../src/validation.ts';

test('requireThat is silent when it holds', () => {
  expect(requireThat(true, 'field', 1, 'anything')).toBeUndefined();
});

test.each([
  ['a string', 'text', "'text'"],
  ['a long string', 'x'.repeat(100), `'${'x'.repeat(80)}…'`],
  ['a number', Number.NaN, 'NaN'],
  ['a bigint', 7n, '7n'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['an object', { secret: 1 }, 'an object'],
  ['an array', [1], 'an array'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
])('the message names the field, %s and what is allowed', (_, value, shown) => {
  expect(() => requireThat(false, 'limit', value, '1 to 9')).toThrow(
    new RangeError(`limit is ${shown}; allowed: 1 to 9`),
  );
});

describe('numberOption', () => {
  test('takes both ends of its range, and the fallback for an absent value', () => {
    expect(numberOption('windowSeconds', 0.5, 2, 0.5, 10)).toBe(0.5);
    expect(numberOption('windowSeconds', 10, 2, 0.5, 10)).toBe(10);
    expect(numberOption('windowSeconds', undefined, 2, 0.5, 10)).toBe(2);
  });

  test.each([0.49, 10.1, Number.NaN, '1' as unknown as number])('refuses %s', (value) => {
    expect(() => numberOption('windowSeconds', value, 2, 0.5, 10)).toThrow(
      `windowSeconds is ${typeof value === 'string' ? `'${value}'` : value}; allowed: a number from 0.5 to 10 (default 2)`,
    );
  });
});

describe('integerOption', () => {
  test('takes both ends of its range, and the fallback for an absent value', () => {
    expect(integerOption('limit', 1, 5, 1, 9)).toBe(1);
    expect(integerOption('limit', 9, 5, 1, 9)).toBe(9);
    expect(integerOption('limit', undefined, 5, 1, 9)).toBe(5);
  });

  test.each([0, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number])(
    'refuses %s',
    (value) => {
      expect(() => integerOption('limit', value, 5, 1, 9)).toThrow(
        `limit is ${typeof value === 'string' ? `'${value}'` : value}; allowed: a whole number from 1 to 9 (default 5)`,
      );
    },
  );
});
