import type { TimeWindow } from '@kvscope/report';
import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** A date with a time, in UTC or with the distance to it. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const LATEST = Date.UTC(9999, 11, 31) / 1000;

/** A moment in s since the epoch, or how many seconds before the end. */
export type Begin = { readonly at: number } | { readonly before: number };

/** `90s`, `15m`, `6h`, `2d`: so long before the end; else a moment as {@link moment} takes it. */
export function begin(text: string): Begin {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (unit === '') return { at: moment(text, '15m before --to, ') };
  const before = Number(amount) * (UNITS[unit] as number);
  if (before > 0 && before <= LATEST) return { before };
  throw new InvalidArgumentError('Allowed: a time above 0, such as 15m.');
}

/** `now`, seconds since the epoch, or a date and time such as 2026-01-31T08:00:00Z. @returns s since the epoch */
export function moment(text: string, more = ''): number {
  if (text === 'now') return Date.now() / 1000;
  const seconds = /^\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : DATE_TIME.test(text)
      ? Date.parse(text) / 1000
      : -1;
  if (seconds >= 0 && seconds <= LATEST) return seconds;
  throw new InvalidArgumentError(
    `Allowed: ${more}now, seconds since the epoch, or a date and time with its zone such as 2026-01-31T08:00:00Z.`,
  );
}

/** @returns undefined when it would be empty */
export function timeWindow(from: Begin, to: number): TimeWindow | undefined {
  const start = 'at' in from ? from.at : to - from.before;
  return start < to ? { from: start, to } : undefined;
}
