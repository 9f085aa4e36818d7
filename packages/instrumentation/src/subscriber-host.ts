import { isDeepStrictEqual } from 'node:util';
import {
  type Bus,
  type Clock,
  createMeterRecorder,
  type Recorder,
  type RunningSubscriber,
  type Subscriber,
  startSubscriber,
} from '@kvscope/core';
import { FastRecorder } from '@kvscope/fast-path';
import { createNoopMeter, diag, type Meter } from '@opentelemetry/api';
import { busHealth } from './bus-health.js';
import { BUS_HEALTH, type ResolvedConfig, type Wanted } from './resolved-config.js';

interface Running extends Wanted {
  readonly running: RunningSubscriber;
}

/** The hosts that are on, by the bus they listen to. */
const hostsOn = new WeakMap<Bus, Set<SubscriberHost>>();

/**
 * Keeps exactly the wanted subscribers running, whatever comes in whatever order: a new configuration, another
 * meter, on, off. A subscriber that is wanted before and after keeps its state.
 */
export class SubscriberHost {
  /** What is recorded into on the fast path. */
  readonly fast: FastRecorder | undefined;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  /** Sends what is recorded to another meter; nothing to do on the fast path. */
  readonly #recordOn: (meter: Meter) => void;
  readonly #running = new Map<string, Running>();
  #config: ResolvedConfig;
  #meter: Meter = createNoopMeter();
  #on = false;

  /** @param lateMeter asked for a meter until there is one that records */
  constructor(bus: Bus, clock: Clock, config: ResolvedConfig, lateMeter: () => Meter) {
    this.#bus = bus;
    this.#clock = clock;
    const refuse = (error: RangeError): void => bus.fail('metrics', error);
    if (config.aggregation === 'fast') {
      this.fast = new FastRecorder({ refuse, histograms: config.histograms });
      this.#recorder = this.fast;
      this.#recordOn = () => undefined;
    } else {
      // Nothing is recorded before the first meter comes.
      const recorder = createMeterRecorder(this.#meter, { refuse, lateMeter });
      this.#recorder = recorder;
      this.#recordOn = recorder.setMeter;
    }
    this.#config = config;
  }

  get config(): ResolvedConfig {
    return this.#config;
  }

  /** Names of the subscribers that are running. */
  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** All figures go to instruments of `meter` from now on. */
  setMeter(meter: Meter): void {
    this.#recordOn(meter);
    if (meter === this.#meter) return;
    this.#meter = meter;
    this.#warnOfTwin();
  }

  setConfig(config: ResolvedConfig): void {
    const before = this.#config.sampler;
    const { rate, seed } = config.sampler;
    // The very same sampler is kept where it samples the same, since running subscribers hold on to it.
    const same = before.rate === rate && before.seed === seed;
    this.#config = same ? { ...config, sampler: before } : config;
    this.#reconcile(!same);
  }

  turn(on: boolean): void {
    const changed = on !== this.#on;
    this.#on = on;
    this.#reconcile(false);
    if (!changed) return;
    const hosts = hostsOn.get(this.#bus) ?? new Set();
    hostsOn.set(this.#bus, hosts);
    if (on) hosts.add(this);
    else hosts.delete(this);
    this.#warnOfTwin();
  }

  /** Two that record the same events into the same instruments double every figure, and nothing shows it. */
  #warnOfTwin(): void {
    if (!this.#on || this.#meter === createNoopMeter()) return;
    for (const host of hostsOn.get(this.#bus) ?? []) {
      if (host === this || host.#meter !== this.#meter) continue;
      diag.warn(
        'kvscope: KvCacheInstrumentation is registered twice with one meter provider, so that each event counts twice. Register it once: in code or with --import, not both.',
      );
      return;
    }
  }

  #reconcile(newSampler: boolean): void {
    const wanted = this.#on ? this.#withHealth() : new Map<string, Wanted>();
    for (const [name, { running, subscriber, options, sampled }] of this.#running) {
      const now = wanted.get(name);
      const same = now?.subscriber === subscriber && isDeepStrictEqual(now.options, options);
      if (same && !(sampled && newSampler)) continue;
      running.stop();
      this.#running.delete(name);
    }
    for (const [name, next] of wanted) if (!this.#running.has(name)) this.#start(name, next);
  }

  /** Its health is watched for as long as anything runs on the bus, by a subscriber that stays the same one. */
  #withHealth(): Map<string, Wanted> {
    const running = this.#running.get(BUS_HEALTH)?.subscriber;
    const subscriber = running ?? (busHealth(this.#bus) as unknown as Subscriber);
    return new Map([
      [BUS_HEALTH, { subscriber, options: undefined, sampled: false }],
      ...this.#config.wanted,
    ]);
  }

  #start(name: string, wanted: Wanted): void {
    const environment = {
      bus: this.#bus,
      clock: this.#clock,
      recorder: this.#recorder,
      sampler: this.#config.sampler,
    };
    try {
      const running = startSubscriber(wanted.subscriber, environment, wanted.options);
      this.#running.set(name, { ...wanted, running });
    } catch (error) {
      // Options were checked before: what still fails here is a plugin's own mistake, and must not stop the others.
      this.#bus.fail(name, error);
      diag.error(`kvscope: subscriber '${name}' did not start and is off.`);
    }
  }
}
