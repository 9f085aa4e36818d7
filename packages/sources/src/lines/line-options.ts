import { type Clock, integerOption, systemClock } from '@kvscope/core';
import type { PublisherStatistics } from '../monitor/publisher-statistics.js';
import type { LineConsumer } from './line-feed.js';

/** An ingest that takes lines and counts what it is fed. */
export interface LineTarget extends LineConsumer {
  readonly statistics: PublisherStatistics;
}

export interface LineSourceOptions {
  /** Bytes that a line may have. Default: 16 MiB. */
  readonly maxLineBytes?: number;
  readonly clock?: Clock;
}

const DEFAULT_LINE_BYTES = 16 * 1024 * 1024;
const MAX_LINE_BYTES = 512 * 1024 * 1024;

/** @throws RangeError when an option is outside its range */
export function lineSettings({ maxLineBytes, clock = systemClock }: LineSourceOptions) {
  return {
    clock,
    maxLineBytes: integerOption('maxLineBytes', maxLineBytes, DEFAULT_LINE_BYTES, 1, MAX_LINE_BYTES),
  };
}
