/**
 * A time as PromQL writes it, such as `300s` or `1500ms`.
 * @throws RangeError for one that is under 1 ms or no number
 */
export function rangeText(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  if (!(Number.isFinite(ms) && ms >= 1)) {
    throw new RangeError(`the window is ${seconds} s; allowed: 1 ms and more`);
  }
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
