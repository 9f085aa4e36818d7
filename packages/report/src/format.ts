/** Figures as a person reads them. */

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** @param share 0 to 1; not a number when there was nothing to share */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-';
}

const STEPS: readonly [below: number, unit: string, factor: number][] = [
  [1e-3, 'us', 1e6],
  [1, 'ms', 1e3],
  [120, 's', 1],
  [7200, 'min', 1 / 60],
  [Number.POSITIVE_INFINITY, 'h', 1 / 3600],
];

/** @param seconds 0 or more; not a number when there is no value */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (seconds === 0) return '0 s';
  const [, unit, factor] = STEPS.find(([below]) => seconds < below) as [number, string, number];
  return `${Number((seconds * factor).toPrecision(3))} ${unit}`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** @param bytes 0 or more */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${BYTE_UNITS[unit]}`;
}
