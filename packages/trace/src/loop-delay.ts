import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FLOAT, type Ring } from './ring/layout.js';

const RESOLUTION_MS = 10;
/** A loop whose p99 is not below this is hot; time above it is added up. */
export const HOT_LOOP_MS = 5;
const NS_PER_MS = 1e6;

/** Measures how late the event loop of this thread is, from when it is made. */
export interface LoopMeter {
  /** Puts the figures since the last {@link reset} into the ring's control block. */
  write(ring: Ring): void;
  reset(): void;
  stop(): void;
}

/**
 * Of the ways to measure it, this one sees every stall: a timer that
 * compares when it runs with when it should misses those that lie between two of its runs.
 */
export class LoopDelay implements LoopMeter {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  write({ floats }: Ring): void {
    const figures = loopFigures(this.#histogram);
    if (figures === undefined) return;
    floats[FLOAT.loopP50] = figures.p50;
    floats[FLOAT.loopP99] = figures.p99;
    floats[FLOAT.loopMax] = figures.max;
    floats[FLOAT.loopAbove] = figures.above;
    floats[FLOAT.loopCount] = figures.count;
  }

  reset(): void {
    this.#histogram.reset();
  }

  stop(): void {
    this.#histogram.disable();
  }
}

type Histogram = Pick<
  ReturnType<typeof monitorEventLoopDelay>,
  'count' | 'max' | 'percentile' | 'percentiles'
>;

/**
 * The delays beyond the monitor's own resolution, which each of its values includes, in ms. `above` is the time spent
 * above {@link HOT_LOOP_MS}, as far as the histogram's percentiles tell.
 * @returns undefined for an empty histogram, whose percentiles are no numbers one could show
 */
export function loopFigures(histogram: Histogram) {
  const { count } = histogram;
  if (!(count > 0) || !Number.isFinite(histogram.max) || histogram.max > Number.MAX_SAFE_INTEGER) {
    return undefined;
  }
  const delay = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
  const max = delay(histogram.max);
  const at = (percentile: number): number => Math.min(max, delay(histogram.percentile(percentile)));
  let [above, before] = [0, 0];
  for (const [percentile, ns] of histogram.percentiles) {
    const share = (percentile - before) / 100;
    before = percentile;
    const ms = Math.min(max, delay(Number(ns)));
    if (ms >= HOT_LOOP_MS) above += share * count * ms;
  }
  return { count, p50: at(50), p99: at(99), max, above };
}
