import {
  DEFAULT_STALL_THRESHOLD,
  integerOption,
  numberOption,
  requireFields,
  type WorkLimits,
} from '@kvscope/core';

export interface LayerwiseOptions {
  /** Seconds; a load wait that takes longer counts as a stall. From 0 to 60. Default: 0.001. */
  readonly stallThreshold?: number;
  /**
   * Batches followed at a time; further ones are refused and counted as `kv_cache.layer.batches_abandoned` with the
   * reason `limit`. From 1 to 1,000,000. Default: 1,000.
   */
  readonly maxBatches?: number;
  /**
   * Seconds of local time from the first event of a batch after which it is given up and counted with the reason
   * `age`. From 1 to 86,400. Default: 60.
   */
  readonly maxAge?: number;
}

/** Options with every default in place; times in milliseconds, like those of events. */
export interface LayerwiseLimits extends WorkLimits {
  readonly stallMs: number;
}

/** @throws RangeError when an option is outside its range */
export function layerwiseLimits(options: LayerwiseOptions = {}): LayerwiseLimits {
  requireFields('layerwise', options, ['stallThreshold', 'maxBatches', 'maxAge']);
  const { stallThreshold, maxBatches, maxAge } = options;
  return {
    stallMs: numberOption('layerwise.stallThreshold', stallThreshold, DEFAULT_STALL_THRESHOLD, 0, 60) * 1000,
    limit: integerOption('layerwise.maxBatches', maxBatches, 1000, 1, 1_000_000),
    maxAgeMs: numberOption('layerwise.maxAge', maxAge, 60, 1, 86_400) * 1000,
  };
}
