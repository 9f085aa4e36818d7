import { integerOption } from '@kvscope/core';
import type { Part } from '@kvscope/dashboards';
import type { Labels } from '../answers.js';

/** One value of a scrape, by the name that its metric has in the registry. */
export interface ScrapedValue {
  readonly metric: string;
  /** Of a histogram. */
  readonly part?: Part;
  /** Upper bound of a bucket, whose value counts everything up to it. */
  readonly bound?: number;
  /** Names as Prometheus has them. */
  readonly labels: Labels;
  readonly value: number;
  /** Whether it only ever grows. */
  readonly grows: boolean;
}

/** A series of the recording: one value for each of its times, not a number where a scrape had none. */
export interface RecordedSeries extends Omit<ScrapedValue, 'value'> {
  readonly values: readonly number[];
}

export interface RecordingOptions {
  /** Scrapes that are kept, 4 to 10,000. Default: 300. */
  readonly maxScrapes?: number;
  /** Series that are kept, 1 to 1,000,000; further ones are counted and left out. Default: 20,000. */
  readonly maxSeries?: number;
  /**
   * Whether a counter that was not there at a scrape and is at the next has grown by all that it says: an OTel counter
   * comes to be with what it counts first. Prometheus takes no notice of that first amount. Default: true.
   */
  readonly countFromBirth?: boolean;
}

/**
 * Scrapes of one target, bounded. A full recording is thinned, not cut off: every other scrape goes, the first and the
 * last stay, and from then on at most one is kept in twice the time. Rates over its whole length lose nothing by that;
 * a counter that began anew and outgrew its old value between two kept scrapes is taken for one that went on.
 */
export class ScrapeRecording {
  readonly #maxScrapes: number;
  readonly #maxSeries: number;
  readonly #countFromBirth: boolean;
  #times: number[] = [];
  readonly #series = new Map<string, RecordedSeries & { values: number[] }>();
  readonly #byMetric = new Map<string, RecordedSeries[]>();
  /** The time between two scrapes when it was full first, in s, and how many of those are now between two that are kept. */
  #gap = 0;
  #stride = 1;
  #refused = 0;

  /** @throws RangeError for an option outside its range */
  constructor({ maxScrapes, maxSeries, countFromBirth = true }: RecordingOptions = {}) {
    this.#maxScrapes = integerOption('maxScrapes', maxScrapes, 300, 4, 10_000);
    this.#maxSeries = integerOption('maxSeries', maxSeries, 20_000, 1, 1_000_000);
    this.#countFromBirth = countFromBirth;
  }

  /** When its scrapes were made, in s since the epoch, ascending. */
  get times(): readonly number[] {
    return this.#times;
  }

  /** Values that were left out because there were too many series already. */
  get refused(): number {
    return this.#refused;
  }

  get seriesCount(): number {
    return this.#series.size;
  }

  /** The series of a metric, or of one part of it. */
  series(metric: string, part?: Part): readonly RecordedSeries[] {
    return this.#byMetric.get(nameOf(metric, part)) ?? [];
  }

  /**
   * Adds a scrape. One that is not after the last is refused.
   * @param time in s since the epoch
   * @returns whether it was taken
   */
  add(time: number, scraped: Iterable<ScrapedValue>): boolean {
    const last = this.#times.at(-1);
    if (!Number.isFinite(time) || (last !== undefined && time <= last)) return false;
    // A last scrape that is close to the one before it only stands in for the next.
    const leastGap = (this.#stride - 0.5) * this.#gap;
    const standIn = last !== undefined && last - (this.#times.at(-2) ?? -Infinity) < leastGap;
    const at = standIn ? this.#times.length - 1 : this.#times.length;
    this.#times[at] = time;
    for (const { values } of this.#series.values()) values[at] = Number.NaN;
    for (const value of scraped) this.#put(at, value);
    if (this.#times.length > this.#maxScrapes) this.#thin();
    return true;
  }

  #put(at: number, { value, ...named }: ScrapedValue): void {
    const key = keyOf(named);
    let found = this.#series.get(key);
    if (found === undefined) {
      if (this.#series.size >= this.#maxSeries) {
        this.#refused++;
        return;
      }
      found = { ...named, values: this.#times.map(() => Number.NaN) };
      if (this.#countFromBirth && named.grows && at > 0) found.values[at - 1] = 0;
      this.#series.set(key, found);
      const name = nameOf(named.metric, named.part);
      const others = this.#byMetric.get(name);
      if (others === undefined) this.#byMetric.set(name, [found]);
      else others.push(found);
    }
    found.values[at] = value;
  }

  #thin(): void {
    const last = this.#times.length - 1;
    const kept = this.#times.map((_, i) => i).filter((i) => i % 2 === 0 || i === last);
    if (this.#stride === 1) this.#gap = ((this.#times[last] as number) - (this.#times[0] as number)) / last;
    this.#stride *= 2;
    this.#times = kept.map((i) => this.#times[i] as number);
    for (const series of this.#series.values()) {
      series.values = kept.map((i) => series.values[i] as number);
    }
  }
}

function nameOf(metric: string, part: Part | undefined): string {
  return part === undefined ? metric : `${metric} ${part}`;
}

function keyOf({ metric, part, bound, labels }: Omit<ScrapedValue, 'value'>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric, part, bound, sorted]);
}
