import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { begin, moment, timeWindow } from '../../src/diagnosis/time-window.ts';

it.each([
  ['2026-01-31T08:00:00Z', Date.UTC(2026, 0, 31, 8) / 1000],
  ['2026-01-31T08:00+01:00', Date.UTC(2026, 0, 31, 7) / 1000],
  ['1700000000.5', 1_700_000_000.5],
  ['0', 0],
])('the moment %s', (text, seconds) => {
  expect(moment(text)).toBe(seconds);
});

it.each([
  ['90s', 90],
  ['15m', 900],
  ['1.5h', 5400],
  ['2d', 172_800],
])('a time before the end: %s', (text, before) => {
  expect(begin(text)).toEqual({ before });
});

it.each(['yesterday', '', '-5', '2026-01-31', '2026-13-31T08:00:00Z', '1e99', '99999999999999'])(
  "'%s' is no moment",
  (text) => {
    expect(() => moment(text)).toThrow(InvalidArgumentError);
    expect(() => begin(text)).toThrow(InvalidArgumentError);
  },
);

it.each(['0s', '15 m', '-15m', '15w'])("'%s' is no time before the end", (text) => {
  expect(() => begin(text)).toThrow(/Allowed: /);
});

it('a window is from a moment or so long before its end, and never empty', () => {
  expect(timeWindow({ before: 60 }, 100)).toEqual({ from: 40, to: 100 });
  expect(timeWindow({ at: 90 }, 100)).toEqual({ from: 90, to: 100 });
  expect(timeWindow({ at: 100 }, 100)).toBeUndefined();
});
