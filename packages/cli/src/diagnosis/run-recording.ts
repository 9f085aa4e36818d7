import {
  type Answers,
  type Diagnosis,
  diagnose,
  recordedAnswers,
  ScrapeRecording,
  valuesOf,
} from '@kvscope/report';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

const INTERVAL_MS = 1000;
const LEAST_S = 0.001;

/** What a run's metrics say while it is at work, scrape by scrape as a Prometheus would have seen it. */
export class RunRecording {
  readonly #collect: () => Promise<ResourceMetrics>;
  readonly #clock: () => number;
  readonly #recording = new ScrapeRecording();
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /**
   * @param collect gives the metrics as they are
   * @param clock what time it is for those who did the work, in s since the epoch: of a replay, where its trace is
   */
  constructor(collect: () => Promise<ResourceMetrics>, clock: () => number = () => Date.now() / 1000) {
    this.#collect = collect;
    this.#clock = clock;
  }

  /** The work begins. */
  async begin(): Promise<void> {
    await this.#scrape();
    // One that fails is missing, as it would be from a Prometheus.
    this.#timer = setInterval(() => void this.#scrape().catch(() => undefined), INTERVAL_MS);
    this.#timer.unref();
  }

  /** The work is done, and what comes now is tidying up, which is not recorded. Safe to call again. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    const last = this.#recording.times.at(-1) ?? Number.NEGATIVE_INFINITY;
    // The last one counts, also of a trace that took no time.
    this.#recording.add(Math.max(this.#clock(), last + LEAST_S), valuesOf(await this.#collect()));
  }

  /** @param source what the run was, as a person reads it */
  answers(source: string): Answers {
    return recordedAnswers(this.#recording, { source });
  }

  /** Of the time that was recorded. */
  async diagnosis(source: string): Promise<Diagnosis> {
    const { times } = this.#recording;
    const [from = Number.NaN, to = Number.NaN] = [times[0], times.at(-1)];
    return diagnose(this.answers(source), { from, to });
  }

  async #scrape(): Promise<void> {
    const metrics = await this.#collect();
    if (!this.#ended) this.#recording.add(this.#clock(), valuesOf(metrics));
  }
}
