/** Shorter than what clocks tell apart: the quotient would be noise. */
const LEAST_MS = 0.001;

/** Whether a speed can be told: something moved, and it took at least 1 us. */
export function hasBandwidth(bytes: number, ms: number): boolean {
  return bytes > 0 && ms >= LEAST_MS;
}

/** Bytes per second. */
export function bandwidthOf(bytes: number, ms: number): number {
  return (bytes * 1000) / ms;
}
