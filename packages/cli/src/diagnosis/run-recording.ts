import {
  type Answers,
  type Diagnosis,
  diagnose,
  recordedAnswers,
  ScrapeRecording,
  type TimeWindow,
  valuesOf,
} from '@kvscope/report';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** The time between two scrapes, in s: a share of the time since the begin, within bounds. */
const GAP_SHARE = 1 / 200;
const LEAST_GAP_S = 0.25;
const MOST_GAP_S = 60;
const LEAST_S = 0.001;

/** What a run's metrics say while it is at work, scrape by scrape as a Prometheus would have seen it. */
export class RunRecording {
  readonly #collect: () => Promise<ResourceMetrics>;
  readonly #clock: () => number;
  readonly #always: boolean;
  readonly #recording = new ScrapeRecording();
  #timer: NodeJS.Timeout | undefined;
  #begunAt = performance.now();
  #looking = false;
  #ended = false;

  /**
   * @param collect gives the metrics as they are
   * @param always whether it is recorded also while nobody looks
   * @param clock what time it is for those who did the work, in s since the epoch: of a replay, where its trace is
   */
  constructor(
    collect: () => Promise<ResourceMetrics>,
    always: boolean,
    clock: () => number = () => Date.now() / 1000,
  ) {
    this.#collect = collect;
    this.#always = always;
    this.#clock = clock;
  }

  /** The work begins. */
  async begin(): Promise<void> {
    this.#begunAt = performance.now();
    await this.scrape();
    if (this.#always) this.#goOn();
  }

  /** Whether somebody looks: then it is recorded. */
  look(looking: boolean): void {
    this.#looking = looking;
    if (looking && !this.#ended) this.#goOn();
    else if (!this.#always) this.#pause();
  }

  /** Time has passed for those who do the work, however long it took: a scrape is made where one is due by that. */
  passed(): Promise<void> | undefined {
    if (!this.#always && !this.#looking) return undefined;
    const { times } = this.#recording;
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const now = this.#clock();
    return now - last >= gapAfter(now - first) ? this.scrape() : undefined;
  }

  /** The work is done, and what comes now is tidying up, which is not recorded. Safe to call again. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#pause();
    const last = this.#recording.times.at(-1) ?? Number.NEGATIVE_INFINITY;
    // The last one counts, also of a trace that took no time.
    this.#recording.add(Math.max(this.#clock(), last + LEAST_S), valuesOf(await this.#collect()));
  }

  /** Records how things stand, unless the work is done. */
  async scrape(): Promise<void> {
    if (this.#ended) return;
    const metrics = await this.#collect();
    if (!this.#ended) this.#recording.add(this.#clock(), valuesOf(metrics));
  }

  /** How many scrapes there are. */
  get scrapes(): number {
    return this.#recording.times.length;
  }

  /** The time that is recorded, never empty. */
  get window(): TimeWindow {
    const { times } = this.#recording;
    const from = times[0] ?? this.#clock();
    return { from, to: Math.max(times.at(-1) ?? from, from + LEAST_S) };
  }

  /** @param source what the run was, as a person reads it */
  answers(source: string): Answers {
    return recordedAnswers(this.#recording, { source });
  }

  /** Of the time that was recorded. */
  diagnosis(source: string): Promise<Diagnosis> {
    return diagnose(this.answers(source), this.window);
  }

  #goOn(): void {
    if (this.#timer !== undefined) return;
    const elapsed = (performance.now() - this.#begunAt) / 1000;
    const next = async (): Promise<void> => {
      // One that fails is missing, as it would be from a Prometheus.
      await this.scrape().catch(() => undefined);
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      this.#goOn();
    };
    const timer = setTimeout(() => void next(), Math.min(MOST_GAP_S, gapAfter(elapsed)) * 1000).unref();
    this.#timer = timer;
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** @param elapsed since the begin, in s */
function gapAfter(elapsed: number): number {
  return Math.max(LEAST_GAP_S, elapsed * GAP_SHARE);
}
