import { type Bus, requireThat } from '@kvscope/core';
import {
  createMetricProducer,
  type FastRecorder,
  type Forwarding,
  type ForwardOptions,
  forwardStats,
  type MetricProducer,
  type Scope,
  StatsCollector,
  type StatsCounts,
  type StatsPort,
  type TemporalityPreference,
} from '@kvscope/fast-path';

/** Where what is recorded on the fast path goes, and where more of it comes from. */
export class FastOutputs {
  readonly #recorder: FastRecorder;
  readonly #scope: Scope;
  readonly #collector: StatsCollector;
  #cumulative: MetricProducer | undefined;
  #used = false;

  constructor(recorder: FastRecorder, scope: Scope, bus: Bus) {
    this.#recorder = recorder;
    this.#scope = scope;
    this.#collector = new StatsCollector(recorder, (error) => bus.fail('stats', error));
  }

  /** Whether anybody was given what is recorded. */
  get used(): boolean {
    return this.#used;
  }

  get producer(): MetricProducer {
    this.#used = true;
    this.#cumulative ??= createMetricProducer(this.#recorder, this.#scope);
    return this.#cumulative;
  }

  producerFor(exporter: TemporalityPreference): MetricProducer {
    requireThat(typeof exporter === 'object' && exporter !== null, 'exporter', exporter, 'a metric exporter');
    this.#used = true;
    return createMetricProducer(this.#recorder, this.#scope, exporter);
  }

  forward(port: StatsPort, options?: ForwardOptions): Forwarding {
    const forwarding = forwardStats(this.#recorder, port, options);
    this.#used = true;
    return forwarding;
  }

  collect(port: StatsPort): () => void {
    return this.#collector.collect(port);
  }

  get counts(): StatsCounts {
    return this.#collector.counts;
  }
}
