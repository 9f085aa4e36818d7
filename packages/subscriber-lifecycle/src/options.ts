import { integerOption, numberOption, RESIDENCY, requireFields, requireThat } from '@kvscope/core';

export interface LifecycleOptions {
  /**
   * How long after leaving a tier a block counts as wanted again, in seconds. One of the bucket boundaries of
   * `kv_cache.block.evict_reuse_gap`, so that the histogram's last finite bucket is the window. Default: 300.
   */
  readonly evictReuseWindow?: number;
  /** Sampled resident blocks kept at most; further ones are refused and counted. Default: 1,000,000. */
  readonly maxResidents?: number;
  /** Sampled ghosts (left, maybe wanted again) kept at most; further ones are refused and counted. Default: 1,000,000. */
  readonly maxGhosts?: number;
  /**
   * Seconds without a touch or release after which a block is dropped and counted: at the next second or, of more than
   * 16,384 tracked blocks, at most a sixteenth later. Default: 86,400 (24 h).
   */
  readonly maxAge?: number;
}

/** Options with every default in place; times in milliseconds, like those of events. */
export interface LifecycleLimits {
  readonly windowMs: number;
  readonly maxResidents: number;
  readonly maxGhosts: number;
  readonly maxAgeMs: number;
}

const DEFAULT_WINDOW_S = 300;
const DEFAULT_LIMIT = 1_000_000;
/** As many take up 1.7 GB. */
const MAX_LIMIT = 16_000_000;
const DAY_S = 86_400;
const YEAR_S = 365 * DAY_S;

/** @throws RangeError when an option is outside its range */
export function lifecycleLimits(options: LifecycleOptions = {}): LifecycleLimits {
  requireFields('lifecycle', options, ['evictReuseWindow', 'maxResidents', 'maxGhosts', 'maxAge']);
  const window = options.evictReuseWindow ?? DEFAULT_WINDOW_S;
  requireThat(
    RESIDENCY.includes(window),
    'lifecycle.evictReuseWindow',
    window,
    `one of the histogram's boundaries, in seconds: ${RESIDENCY.join(', ')}`,
  );
  return {
    windowMs: window * 1000,
    maxResidents: integerOption('lifecycle.maxResidents', options.maxResidents, DEFAULT_LIMIT, 1, MAX_LIMIT),
    maxGhosts: integerOption('lifecycle.maxGhosts', options.maxGhosts, DEFAULT_LIMIT, 0, MAX_LIMIT),
    maxAgeMs: numberOption('lifecycle.maxAge', options.maxAge, DAY_S, 1, YEAR_S) * 1000,
  };
}
