import { createRequire } from 'node:module';
import { getBus, systemClock } from '@kvscope/core';
import { metrics } from '@opentelemetry/api';
import { InstrumentationBase } from '@opentelemetry/instrumentation';
import type { KvCacheInstrumentationConfig } from './config.js';
import { readEnvironment } from './environment.js';
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

  constructor(config: KvCacheInstrumentationConfig = {}) {
    super(NAME, VERSION, config);
  }

  /** Names of the subscribers that are running now. */
  get subscribers(): readonly string[] {
    return this._host?.running ?? [];
  }

  /**
   * Replaces the configuration; what it leaves out comes from the environment or the defaults. Single subscribers
   * are started and stopped, the others keep their state; a new sample rate or seed restarts those that sample.
   * `enabled` turns everything on or off when it is given, and changes nothing when it is not.
   */
  override setConfig(config: KvCacheInstrumentationConfig = {}): void {
    const resolved = resolveConfig(config, readEnvironment());
    // For the base class, whose constructor calls `enable` when this is true.
    super.setConfig({ ...config, enabled: resolved.enabled });
    if (this._host === undefined) {
      this._host = new SubscriberHost(getBus(), systemClock, resolved, () => metrics.getMeter(NAME, VERSION));
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

  /** The base class calls this whenever the meter is another one. */
  override _updateMetricInstruments(): void {
    this._host?.setMeter(this.meter);
  }

  /** No module is patched: producers publish on the bus by themselves. */
  protected override init(): void {}
}
