import { createRequire } from 'node:module';
import { getBus, systemClock } from '@kvscope/core';
import type {
  Forwarding,
  ForwardOptions,
  MetricProducer,
  StatsCounts,
  StatsPort,
  TemporalityPreference,
} from '@kvscope/fast-path';
import { createNoopMeter, diag, type MeterProvider, metrics } from '@opentelemetry/api';
import { InstrumentationBase } from '@opentelemetry/instrumentation';
import type { Aggregation, KvCacheInstrumentationConfig } from './config.js';
import { readEnvironment } from './environment.js';
import { FastOutputs } from './fast-outputs.js';
import { resolveConfig } from './resolved-config.js';
import { SubscriberHost } from './subscriber-host.js';

const { name: NAME, version: VERSION } = createRequire(import.meta.url)('../package.json') as {
  name: string;
  version: string;
};

/**
 * Records what tiered KV caches publish on the bus of this thread. Give it to `registerInstrumentations` or
 * `NodeSDK`, like any other instrumentation.
 * @throws RangeError at construction and from `setConfig` when the configuration is wrong; the message names the
 * field, the value and what is allowed
 */
export class KvCacheInstrumentation extends InstrumentationBase<KvCacheInstrumentationConfig> {
  // The base class calls the methods below from its constructor, before fields of this class would be set: a
  // declared field is made by `setConfig` itself and is not set again afterwards.
  declare private _host: SubscriberHost | undefined;
  declare private _outputs: FastOutputs | undefined;

  constructor(config: KvCacheInstrumentationConfig = {}) {
    super(NAME, VERSION, config);
  }

  /** Names of the subscribers that are running now. */
  get subscribers(): readonly string[] {
    return this._host?.running ?? [];
  }

  /** How measurements are gathered, as chosen at construction. */
  get aggregation(): Aggregation {
    return this._outputs === undefined ? 'sdk' : 'fast';
  }

  /**
   * With `aggregation: 'fast'`: what a metric reader is given in its `metricProducers`, so that it exports these metrics
   * beside those of its SDK. All are cumulative; any number of readers may share it.
   * @throws Error with any other aggregation
   */
  get metricProducer(): MetricProducer {
    return this.#fastOutputs('metricProducer').producer;
  }

  /**
   * As {@link metricProducer}, with deltas where the reader's exporter wants them; one for each reader.
   * @param exporter the one that the reader exports to
   * @throws Error with any other aggregation
   */
  metricProducerFor(exporter: TemporalityPreference): MetricProducer {
    return this.#fastOutputs('metricProducerFor').producerFor(exporter);
  }

  /**
   * Adds in what a worker forwards, until it ends or the returned function is called. Counters and histograms of a worker
   * that has ended stay in the totals; what it held does not.
   * @param port the `Worker`, child process or cluster worker, or a `MessagePort`
   * @throws RangeError for something that is no port; Error with an aggregation other than `fast`
   */
  collectStats(port: StatsPort): () => void {
    return this.#fastOutputs('collectStats').collect(port);
  }

  /** Messages of workers so far: added in, repeated, missed and refused. @throws Error with an aggregation other than `fast` */
  get collectedStats(): StatsCounts {
    return this.#fastOutputs('collectedStats').counts;
  }

  /**
   * Sends what is recorded here to a main thread; in a worker without an instrumentation use the function of this name.
   * @throws RangeError for something that is no port; Error with an aggregation other than `fast`
   */
  forwardStats(port: StatsPort, options?: ForwardOptions): Forwarding {
    return this.#fastOutputs('forwardStats').forward(port, options);
  }

  #fastOutputs(what: string): FastOutputs {
    if (this._outputs !== undefined) return this._outputs;
    throw new Error(`${what} needs \`new KvCacheInstrumentation({ aggregation: 'fast' })\``);
  }

  /**
   * Replaces the configuration; what it leaves out comes from the environment or the defaults. Single subscribers
   * are started and stopped, the others keep their state; a new sample rate or seed restarts those that sample.
   * `enabled` turns everything on or off when it is given, and changes nothing when it is not.
   */
  override setConfig(config: KvCacheInstrumentationConfig = {}): void {
    const resolved = resolveConfig(config, readEnvironment(), this._host?.config);
    // For the base class, whose constructor calls `enable` when this is true.
    super.setConfig({ ...config, enabled: resolved.enabled });
    if (this._host === undefined) {
      const bus = getBus();
      this._host = new SubscriberHost(bus, systemClock, resolved, () => metrics.getMeter(NAME, VERSION));
      const { fast } = this._host;
      this._outputs = fast && new FastOutputs(fast, { name: NAME, version: VERSION }, bus);
      return;
    }
    this._host.setConfig(resolved);
    if (config.enabled === true) this.enable();
    if (config.enabled === false) this.disable();
  }

  /**
   * The configuration as given. `enabled` always reads true: `registerInstrumentations` calls `enable()` on whatever
   * says otherwise, and would turn on what its configuration or the environment turned off.
   */
  override getConfig(): KvCacheInstrumentationConfig {
    return { ...super.getConfig(), enabled: true };
  }

  /** Starts what the configuration wants. Safe to call again. */
  override enable(): void {
    super.enable();
    this._host?.turn(true);
  }

  /** Stops everything: no handler, callback, timer or state is left. Safe to call again. */
  override disable(): void {
    super.disable();
    this._host?.turn(false);
  }

  /** Registration calls this, after the readers were made. */
  override setMeterProvider(meterProvider: MeterProvider): void {
    super.setMeterProvider(meterProvider);
    if (this._outputs === undefined || this._outputs.used || this.meter === createNoopMeter()) return;
    diag.warn(
      "kvscope: aggregation is 'fast', and no reader was given the metrics: put `metricProducers: [instrumentation.metricProducer]` into its options.",
    );
  }

  /** The base class calls this whenever the meter is another one. */
  override _updateMetricInstruments(): void {
    this._host?.setMeter(this.meter);
  }

  /** No module is patched: producers publish on the bus by themselves. */
  protected override init(): void {}
}
