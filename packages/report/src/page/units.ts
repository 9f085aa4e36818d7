import type { PanelUnit } from '@kvscope/dashboards';
import { formatBytes, formatSeconds } from '../format.js';

/** What is shown where there is no value. */
export const NO_VALUE = '–';

const DIGITS = 3;

/**
 * A value as a person reads it, with its unit.
 * @param value seconds, bytes, bytes a second or a share from 0 to 1, as the unit says; null or not finite: no value
 */
export function formatValue(value: number | null | undefined, unit: PanelUnit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
  if (unit === 'percentunit') return `${digits(value * 100)} %`;
  if (unit === 'short') return digits(value);
  if (unit !== 's' && unit !== 'bytes' && unit !== 'binBps')
    return digits(value) + unit.slice('suffix:'.length);
  const text = unit === 's' ? formatSeconds(Math.abs(value)) : formatBytes(Math.abs(value));
  return `${value < 0 ? '-' : ''}${text}${unit === 'binBps' ? '/s' : ''}`;
}

/**
 * A value beside an axis, where there is little room: what is counted stands in {@link axisUnit}, once for all values,
 * and large counts in thousands and millions.
 */
export function formatTick(value: number, unit: PanelUnit): string {
  if (unit === 's' || unit === 'bytes' || unit === 'binBps' || unit === 'percentunit')
    return formatValue(value, unit);
  const [factor, word] = Math.abs(value) >= 1e6 ? [1e6, 'M'] : Math.abs(value) >= 1e4 ? [1e3, 'k'] : [1, ''];
  return digits(value / factor) + word;
}

/** What {@link formatTick} leaves out; empty where it leaves out nothing. */
export function axisUnit(unit: PanelUnit): string {
  return unit.startsWith('suffix:') ? unit.slice('suffix:'.length).trim() : '';
}

/** Three digits that count, and no exponent for what a person counts. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size > 0 && size < 1e-4) return value.toExponential(1);
  return String(Number(value.toPrecision(DIGITS)));
}

/** A time since a beginning, such as `1:02:03`. @param seconds below 0 as 0 */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The range of a histogram's bucket in words. @param from null: no lower bound; @param to null: no upper bound */
export function formatBucket(from: number | null, to: number | null, unit: PanelUnit): string {
  if (to === null) return `above ${formatValue(from, unit)}`;
  if (from === null) return `up to ${formatValue(to, unit)}`;
  return `${formatValue(from, unit)} to ${formatValue(to, unit)}`;
}
