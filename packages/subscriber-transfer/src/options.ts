import { integerOption, numberOption, requireFields, type WorkLimits } from '@kvscope/core';

export interface TransferOptions {
  /**
   * Requests whose chunks are accumulated at a time; further ones are refused and counted as
   * `kv_cache.request.transfer.abandoned` with the reason `limit`. From 1 to 1,000,000. Default: 10,000.
   */
  readonly maxRequests?: number;
  /**
   * Chunks of one request; a request with more is given up and counted with the reason `limit`. From 1 to 65,536.
   * Default: 1,024.
   */
  readonly maxChunks?: number;
  /**
   * Seconds of local time from the first chunk of a request after which it is given up and counted with the reason
   * `age`. From 1 to 86,400. Default: 300.
   */
  readonly maxAge?: number;
}

/** Options with every default in place; times in milliseconds, like those of events. */
export interface RequestLimits extends WorkLimits {
  readonly maxChunks: number;
}

/** @throws RangeError when an option is outside its range */
export function requestLimits(options: TransferOptions = {}): RequestLimits {
  requireFields('transfer', options, ['maxRequests', 'maxChunks', 'maxAge']);
  return {
    limit: integerOption('transfer.maxRequests', options.maxRequests, 10_000, 1, 1_000_000),
    maxChunks: integerOption('transfer.maxChunks', options.maxChunks, 1024, 1, 65_536),
    maxAgeMs: numberOption('transfer.maxAge', options.maxAge, 300, 1, 86_400) * 1000,
  };
}
