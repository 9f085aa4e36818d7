/** Values of one series at ascending times, in s; not a number where it had none. */
export interface Values {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** Times are exact to 1 ms in Prometheus; here they are sums of doubles. */
export const TIME_TOLERANCE = 0.0005;
/** A series is taken to reach to an end of the range that is at most so many of its intervals away. */
const NEAR = 1.1;

/**
 * The growth of a counter a second as PromQL's `rate` computes it: a value below the one before it is a beginning
 * anew from 0; growth is extended to the ends of the range, or to where the counter was 0, when the first and last
 * value are near them, and by half an interval when they are not. Source: `extrapolatedRate` of Prometheus 2.42.
 * @param from of the range, in s
 * @param to of the range, in s
 * @returns not a number with fewer than two values
 */
export function counterRate({ times, values }: Values, from: number, to: number): number {
  let first = -1;
  let last = -1;
  let count = 0;
  let grown = 0;
  for (let i = indexAfter(times, from - TIME_TOLERANCE); i < times.length; i++) {
    if ((times[i] as number) > to + TIME_TOLERANCE) break;
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    if (first < 0) first = i;
    else {
      const before = values[last] as number;
      grown += value < before ? value : value - before;
    }
    last = i;
    count++;
  }
  if (count < 2) return Number.NaN;
  const [firstTime, lastTime] = [times[first] as number, times[last] as number];
  const covered = lastTime - firstTime;
  const interval = covered / (count - 1);
  const toZero = grown > 0 ? covered * ((values[first] as number) / grown) : Number.POSITIVE_INFINITY;
  const toStart = Math.min(firstTime - from, toZero);
  const extended = covered + reach(toStart, interval) + reach(to - lastTime, interval);
  return (grown * (extended / covered)) / (to - from);
}

function reach(distance: number, interval: number): number {
  return distance < interval * NEAR ? Math.max(0, distance) : interval / 2;
}

/** The first of ascending times that is after `time`; their number when none is. */
export function indexAfter(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
