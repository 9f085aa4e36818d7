import type { Forwarding, ForwardOptions, StatsPort } from '@kvscope/fast-path';
import type { KvCacheInstrumentationConfig } from './config.js';
import { KvCacheInstrumentation } from './instrumentation.js';

export interface ForwardStatsConfig extends KvCacheInstrumentationConfig, ForwardOptions {}

/** An instrumentation of a worker, and what takes its figures to the main thread. */
export interface WorkerStats extends Forwarding {
  /** For `setConfig` in the worker. */
  readonly instrumentation: KvCacheInstrumentation;
}

/**
 * The one call in a worker thread, or in a child process or cluster worker: records what is published on the bus of this
 * thread and forwards it to the main thread, whose instrumentation takes it in by `collectStats`. A worker needs no SDK.
 * @param port `parentPort` in a thread, `process` in a process, or a `MessagePort`
 * @param config as of {@link KvCacheInstrumentation}, where `aggregation` is always `fast`; and `intervalMs`, the time
 * between two messages (10 to 3,600,000, default 1,000): what came since the last one is lost when the worker is killed
 * @throws RangeError for something that is no port, or a wrong configuration
 */
export function forwardStats(
  port: StatsPort,
  { intervalMs, ...config }: ForwardStatsConfig = {},
): WorkerStats {
  const instrumentation = new KvCacheInstrumentation({ ...config, aggregation: 'fast' });
  try {
    const { flush, stop } = instrumentation.forwardStats(port, {
      ...(intervalMs !== undefined && { intervalMs }),
    });
    return {
      instrumentation,
      flush,
      stop() {
        stop();
        instrumentation.disable();
      },
    };
  } catch (error) {
    instrumentation.disable();
    throw error;
  }
}
