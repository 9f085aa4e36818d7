import { formatCount } from '@kvscope/report/figures';

/** Figures of a fixed width, so that nothing moves while they change. */

/** @param scaled whether it stands for more than was seen */
export function countCell(value: number, scaled = false): string {
  const text = value < 1e7 ? formatCount(value) : `${(value / 1e6).toFixed(1)}M`;
  return scaled && value > 0 ? `~${text}` : text;
}

/** @param ms not a number when there is no value */
export function msCell(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  if (ms < 100) return ms.toFixed(3);
  return ms < 1e5 ? ms.toFixed(1) : `${(ms / 1000).toFixed(0)}s`;
}

/** @param share 0 to 1; not a number when there was nothing to share */
export function shareCell(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-';
}

/**
 * Whole numbers in the proportion of the shares, with the sum of exactly `whole`: by largest remainder.
 * @param shares sum up to 1
 */
export function apportion(shares: readonly number[], whole: number): number[] {
  const floors = shares.map((share) => Math.floor(share * whole));
  const left = whole - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = shares
    .map((share, i) => ({ i, remainder: share * whole - (floors[i] as number) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { i } of byRemainder.slice(0, left)) floors[i] = (floors[i] as number) + 1;
  return floors;
}
