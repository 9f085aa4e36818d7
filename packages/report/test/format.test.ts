import { expect, it } from 'vitest';
import { formatCount, formatSeconds, formatShare } from '../src/format.ts';

it.each([
  [0, '0 s'],
  [0.00001234, '12.3 us'],
  [0.25, '250 ms'],
  [12.84, '12.8 s'],
  [119.9, '120 s'],
  [300, '5 min'],
  [7200, '2 h'],
  [Number.NaN, '-'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it('counts carry separators and shares a percent sign', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatShare(0.0445)).toBe('4.5 %');
  expect(formatShare(0 / 0)).toBe('-');
});
