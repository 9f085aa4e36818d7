import { expect, it } from 'vitest';
import { axisUnit, formatBucket, formatElapsed, formatTick, formatValue } from '../../src/page/units.ts';

it.each([
  [0.0123, 's', '12.3 ms'],
  [-0.5, 's', '-500 ms'],
  [0, 's', '0 s'],
  [3.5 * 1024 ** 3, 'binBps', '3.5 GiB/s'],
  [1536, 'bytes', '1.5 KiB'],
  [0.754901, 'percentunit', '75.5 %'],
  [482_129.94, 'suffix: tokens/s', '482,130 tokens/s'],
  [0.03217, 'suffix:/s', '0.0322/s'],
  [12, 'short', '12'],
  [null, 's', '–'],
  [Number.NaN, 'percentunit', '–'],
  [Number.POSITIVE_INFINITY, 'bytes', '–'],
] as const)('%s in %s reads %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

it('beside an axis counts are short, and their unit stands once above it', () => {
  expect([800, 20_000, 1_500_000].map((value) => formatTick(value, 'suffix: blocks/s'))).toEqual([
    '800',
    '20k',
    '1.5M',
  ]);
  expect(axisUnit('suffix: blocks/s')).toBe('blocks/s');
  expect(formatTick(0.02, 's')).toBe('20 ms');
  expect(axisUnit('s')).toBe('');
});

it('a time since a beginning has hours only where it lasted hours', () => {
  expect([0, 59.6, 61, 3600, 90_061].map(formatElapsed)).toEqual([
    '0:00',
    '1:00',
    '1:01',
    '1:00:00',
    '25:01:01',
  ]);
  expect(formatElapsed(-5)).toBe('0:00');
});

it('a bucket is told by its bounds, as far as it has any', () => {
  expect(formatBucket(null, 0.001, 's')).toBe('up to 1 ms');
  expect(formatBucket(0.001, 0.002, 's')).toBe('1 ms to 2 ms');
  expect(formatBucket(10, null, 's')).toBe('above 10 s');
});
