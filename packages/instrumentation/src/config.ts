import type { MetricSet, Subscriber } from '@kvscope/core';
import type { HistogramKind } from '@kvscope/fast-path';
import type { IntervalLogOptions } from '@kvscope/interval-log';
import type { LayerwiseOptions } from '@kvscope/subscriber-layerwise';
import type { LifecycleOptions } from '@kvscope/subscriber-lifecycle';
import type { ReuseOptions } from '@kvscope/subscriber-reuse';
import type { TransferOptions } from '@kvscope/subscriber-transfer';
import type { TraceOptions } from '@kvscope/trace';
import type { InstrumentationConfig } from '@opentelemetry/instrumentation';

/** On with its defaults, off, or on with options. */
export type Flag<O> = boolean | O;

/** The subscribers that come with the instrumentation. */
export interface SubscriberFlags {
  /**
   * Sampled block lifetime, idle time, reuse gap, evict-reuse gap and reuses per tier.
   * Default: true (evict-reuse window 300 s; at most 1,000,000 resident blocks and as many ghosts; age bound 24 h).
   */
  readonly lifecycle?: Flag<LifecycleOptions>;
  /** Counters of stores, accesses, evictions, lookups, tasks and io, and occupancy; never sampled. Default: true. */
  readonly shards?: boolean;
  /**
   * Latency, size and bandwidth of transfers, tasks and io; never sampled. Default: true (at most 10,000 requests of
   * 1,024 chunks are accumulated at a time, each for 300 s).
   */
  readonly transfer?: Flag<TransferOptions>;
  /**
   * Whether layerwise loading hides behind compute; never sampled. Default: true (a stall is a wait of more than 1 ms;
   * at most 1,000 batches are followed at a time, each for 60 s).
   */
  readonly layerwise?: Flag<LayerwiseOptions>;
  /**
   * Sampled: the hit ratio that an LRU of 0.25 to 8 times the capacity would have had, per tier. Default: false (when
   * on, at most 8,192 blocks are followed in each tier of 16 sources, and a reference counts half after 3600 s).
   */
  readonly reuse?: Flag<ReuseOptions>;
  /** One log line an interval of what moved, hit and stalled. Default: false; when on, each 10 s to OTel `diag`. */
  readonly intervalLog?: Flag<IntervalLogOptions>;
  /**
   * The binary trace that `kvscope top` attaches to. Default: false; when on, a ring of 16,384 records (1 MiB) in each
   * thread, and one thread that empties them.
   */
  readonly trace?: Flag<TraceOptions>;
}

/** Where measurements are gathered: in the SDK's instruments, or in our own arrays behind a `MetricProducer`. */
export const AGGREGATIONS = ['sdk', 'fast'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** A third party's subscriber, made by {@link plugin}. */
export interface Plugin {
  readonly subscriber: Subscriber;
  readonly options?: unknown;
}

/**
 * Configuration of {@link KvCacheInstrumentation}. What is given here beats the environment
 * (`OTEL_INSTRUMENTATION_KV_CACHE_*`), which beats the defaults.
 */
export interface KvCacheInstrumentationConfig extends InstrumentationConfig, SubscriberFlags {
  /**
   * Whether it starts on. Default: true. Registration leaves it off when this is false; `enable()` turns it on.
   */
  enabled?: boolean;
  /** Share of blocks whose lifecycle is followed: above 0, at most 1. Default: 0.01. Counters are never sampled. */
  readonly sampleRate?: number;
  /** Which blocks are sampled: a whole number from 0 to 4294967295. The same in every process that shares a cache. Default: 0. */
  readonly sampleSeed?: number;
  /**
   * How measurements are gathered; chosen at construction. `sdk`: through the meter provider, with its Views. `fast`: at
   * about a hundredth of the cost, for readers that are given `metricProducer`; Views do not apply to it. Default: sdk.
   */
  readonly aggregation?: Aggregation;
  /**
   * With `aggregation: 'fast'`: buckets as the metric's table has them, or exponential ones of scale 6 (relative error
   * 0.55 %), which OTLP carries and Prometheus' text format does not. Chosen at construction. Default: explicit.
   */
  readonly histograms?: HistogramKind;
  /** Subscribers of your own, each wrapped by {@link plugin}. Default: none. */
  readonly plugins?: readonly Plugin[];
}

/**
 * Wraps a subscriber of your own for {@link KvCacheInstrumentationConfig.plugins}.
 * @param options what its `start` is given
 */
export function plugin<M extends MetricSet, O>(subscriber: Subscriber<M, O>, options?: O): Plugin {
  return Object.freeze({ subscriber: subscriber as unknown as Subscriber, options });
}
