import type { PanelUnit } from '@kvscope/dashboards';

/** What is shown where there is no value. */
export const NO_VALUE = '–';

const SECOND_STEPS: readonly (readonly [below: number, unit: string, factor: number])[] = [
  [1e-3, 'µs', 1e6],
  [1, 'ms', 1e3],
  [120, 's', 1],
  [7200, 'min', 1 / 60],
  [Number.POSITIVE_INFINITY, 'h', 1 / 3600],
];
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DIGITS = 3;

/**
 * A value as a person reads it, with its unit.
 * @param value seconds, bytes, bytes a second or a share from 0 to 1, as the unit says; null or not finite: no value
 */
export function formatValue(value: number | null | undefined, unit: PanelUnit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
  if (unit === 's') return formatSeconds(value);
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'binBps') return `${formatBytes(value)}/s`;
  if (unit === 'percentunit') return `${digits(value * 100)} %`;
  return unit === 'short' ? digits(value) : digits(value) + unit.slice('suffix:'.length);
}

function formatSeconds(value: number): string {
  if (value === 0) return '0 s';
  const size = Math.abs(value);
  const [, unit, factor] = SECOND_STEPS.find(([below]) => size < below) as [number, string, number];
  return `${digits(value * factor)} ${unit}`;
}

function formatBytes(value: number): string {
  let unit = 0;
  let size = value;
  while (Math.abs(size) >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${digits(size)} ${BYTE_UNITS[unit]}`;
}

/** Three digits that count, and never an exponent for what a person counts. */
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
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** The range of a histogram's bucket in words. @param from null below the first bound; @param to null above the last */
export function formatBucket(from: number | null, to: number | null, unit: PanelUnit): string {
  if (to === null) return `above ${formatValue(from, unit)}`;
  return from === null ? `up to ${formatValue(to, unit)}` : `${formatValue(from, unit)} to ${formatValue(to, unit)}`;
}
