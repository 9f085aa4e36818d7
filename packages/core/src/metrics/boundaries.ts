/** Upper bounds of histogram buckets, each list declared once. */

function steps(from: number, to: number): readonly number[] {
  const bounds: number[] = [];
  for (let exponent = from; exponent < to; exponent++) {
    for (const step of [1, 2, 5]) bounds.push(Number(`${step}e${exponent}`));
  }
  bounds.push(Number(`1e${to}`));
  return Object.freeze(bounds);
}

/** Seconds, 1-2-5 steps from 10 us to 10 s. */
export const LATENCY = steps(-5, 1);

/** Seconds, as vLLM's residency histograms have them. */
export const RESIDENCY: readonly number[] = Object.freeze([
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800,
  3600,
]);

/** How many of something. */
export const COUNT: readonly number[] = Object.freeze([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);

/** Bytes, powers of 4 from 4 KiB to 16 GiB. */
export const BYTES: readonly number[] = Object.freeze(Array.from({ length: 12 }, (_, i) => 4 ** (i + 6)));

/** Bytes per second, dense where real stores live. */
export const BANDWIDTH: readonly number[] = Object.freeze(
  [
    0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 24, 32, 48, 64, 96,
    128, 192, 256,
  ].map((gigabytes) => gigabytes * 1e9),
);

/** Seconds, of waits that are nothing when all goes well: none has a bucket of its own, then LATENCY up to 1 s. */
export const WAIT: readonly number[] = Object.freeze([0, ...LATENCY.filter((bound) => bound <= 1)]);

/** A share from 0 to 1, finer where nearly all of it is there. */
export const SHARE: readonly number[] = Object.freeze([
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1,
]);
