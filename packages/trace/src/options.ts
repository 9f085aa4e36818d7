import { integerOption, requireFields, requireThat } from '@kvscope/core';
import { MOST_RECORDS } from './ring/layout.js';
import type { MetricTotals } from './state.js';

export interface TraceOptions {
  /**
   * Records that the ring of each thread holds, 64 bytes each: a power of two from 1,024 to 1,048,576. What finds it full
   * is dropped and counted. Default: 16,384, a mebibyte.
   */
  readonly ringRecords?: number;
  /**
   * Where the process can be found: a directory that belongs to this user alone, made when it is missing. Default:
   * `kvscope` in XDG_RUNTIME_DIR, or else `kvscope-UID` in the system's directory for temporary files.
   */
  readonly directory?: string;
  /**
   * Totals of this process as its metrics have them. Asked when a measurement window begins and when it ends; the view
   * shows the difference as authoritative. Default: none, and the view says so.
   */
  readonly totals?: () => Promise<MetricTotals>;
  /** Told the socket's path once viewers can attach. Default: nobody. */
  readonly onListening?: (socket: string) => void;
}

/** Options with their defaults in place; the directory's is that of the drain. */
export interface TraceSettings extends TraceOptions {
  readonly ringRecords: number;
}

const LEAST_RECORDS = 1024;

/** @throws RangeError when an option is outside its range */
export function traceSettings(options: TraceOptions = {}): TraceSettings {
  requireFields('trace', options, ['ringRecords', 'directory', 'totals', 'onListening']);
  const { directory, totals, onListening } = options;
  const ringRecords = integerOption(
    'trace.ringRecords',
    options.ringRecords,
    16_384,
    LEAST_RECORDS,
    MOST_RECORDS,
  );
  requireThat((ringRecords & (ringRecords - 1)) === 0, 'trace.ringRecords', ringRecords, 'powers of two');
  requireThat(
    directory === undefined || (typeof directory === 'string' && directory !== ''),
    'trace.directory',
    directory,
    'the path of a directory',
  );
  for (const [name, value] of Object.entries({ totals, onListening })) {
    requireThat(value === undefined || typeof value === 'function', `trace.${name}`, value, 'a function');
  }
  return { ...options, ringRecords };
}
