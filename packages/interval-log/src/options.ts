import { DEFAULT_STALL_THRESHOLD, numberOption, requireFields, requireThat } from '@kvscope/core';
import { diag } from '@opentelemetry/api';
import type { IntervalSnapshot } from './snapshot.js';

export interface IntervalLogOptions {
  /** Seconds from one line to the next. From 0.1 to 86,400. Default: 10. */
  readonly interval?: number;
  /** Seconds; a load wait of a layer that takes longer counts as a stall. From 0 to 60. Default: 0.001. */
  readonly stallThreshold?: number;
  /**
   * Takes each line, and what it was made from: a worker can post the snapshot to a thread that merges those of
   * all. Default: OTel `diag.info`.
   */
  readonly log?: (line: string, snapshot: IntervalSnapshot) => void;
}

/** Options with every default in place. */
export interface IntervalLogSettings {
  readonly intervalS: number;
  readonly stallMs: number;
  readonly log: (line: string, snapshot: IntervalSnapshot) => void;
}

/** @throws RangeError when an option is outside its range */
export function intervalLogSettings(options: IntervalLogOptions = {}): IntervalLogSettings {
  requireFields('intervalLog', options, ['interval', 'stallThreshold', 'log']);
  const { interval, stallThreshold, log = (line) => diag.info(line) } = options;
  requireThat(typeof log === 'function', 'intervalLog.log', log, 'a function');
  return {
    intervalS: numberOption('intervalLog.interval', interval, 10, 0.1, 86_400),
    stallMs:
      numberOption('intervalLog.stallThreshold', stallThreshold, DEFAULT_STALL_THRESHOLD, 0, 60) * 1000,
    log,
  };
}
