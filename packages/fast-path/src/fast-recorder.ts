import {
  type AttributeSet,
  type BoundCounter,
  type BoundHistogram,
  type MetricDeclaration,
  numberOption,
  type Recorder,
  requireThat,
  systemClock,
} from '@kvscope/core';
import { diag } from '@opentelemetry/api';
import { bucketTable } from './bucket-table.js';
import type { Cells } from './cells/cells.js';
import { ExplicitCells } from './cells/explicit-cells.js';
import { ExponentialCells } from './cells/exponential-cells.js';
import { SumCells } from './cells/sum-cells.js';
import { Observed } from './observed.js';
import { Metric, type Series } from './series.js';

export const HISTOGRAM_KINDS = ['explicit', 'exponential'] as const;
export type HistogramKind = (typeof HISTOGRAM_KINDS)[number];

export interface FastRecorderOptions {
  /** Told of values that are not finite, or below 0 where nothing can be, and that were left out. Default: nobody is. */
  readonly refuse?: (error: RangeError) => void;
  /** Buckets as the registry declares them, or exponential ones of scale 6. Default: explicit. */
  readonly histograms?: HistogramKind;
  /** Series of one metric; what is beyond shares one with the attribute `otel.metric.overflow`. Default: 2,000, as in the SDK. */
  readonly maxSeries?: number;
  /** Epoch ms. Default: the system's clock. */
  readonly now?: () => number;
}

const DEFAULT_MAX_SERIES = 2000;
const MAX_MAX_SERIES = 100_000;

/** Is given what came since the last fold, before it joins what came before. */
export type Tap = (metric: Metric, series: Series) => void;

/**
 * Records into arrays of numbers, a hundredth of the cost of the SDK's instruments and without garbage. What gathers
 * there is folded away whenever somebody reads: into totals since the start, and to each tap on its own.
 */
export class FastRecorder implements Recorder {
  readonly now: () => number;
  readonly #options: FastRecorderOptions;
  readonly #maxSeries: number;
  /** In the order in which they were first needed, as the SDK exports its instruments. */
  readonly #metrics = new Map<string, Metric>();
  readonly #observed: Observed;
  readonly #taps = new Set<Tap>();

  /** @throws RangeError when an option is outside its range */
  constructor(options: FastRecorderOptions = {}) {
    const { histograms = 'explicit' } = options;
    requireThat(HISTOGRAM_KINDS.includes(histograms), 'histograms', histograms, HISTOGRAM_KINDS.join(', '));
    this.#options = options;
    this.#maxSeries = numberOption('maxSeries', options.maxSeries, DEFAULT_MAX_SERIES, 2, MAX_MAX_SERIES);
    this.#observed = new Observed(this.#maxSeries);
    this.now = options.now ?? systemClock.now;
  }

  readonly histogram = (name: string, metric: MetricDeclaration, attributes: AttributeSet): BoundHistogram =>
    this.metric(name, metric).at(attributes, this.now()).recent as Cells & BoundHistogram;

  readonly counter = (name: string, metric: MetricDeclaration, attributes: AttributeSet): BoundCounter =>
    this.metric(name, metric).at(attributes, this.now()).recent as Cells & BoundCounter;

  readonly observe: Recorder['observe'] = (metrics, collect) => this.#observed.observe(metrics, collect);

  /** The metric of a name, made when first asked for. */
  metric(name: string, declaration: MetricDeclaration): Metric {
    const known = this.#metrics.get(name);
    if (known !== undefined) return known;
    const made = new Metric(name, declaration, this.#maxSeries, this.#cellsOf(name, declaration));
    this.#metrics.set(name, made);
    return made;
  }

  /** What was recorded into so far. */
  get metrics(): Iterable<Metric> {
    return this.#metrics.values();
  }

  /** What is observed, as of the last collection. */
  get observed(): Omit<Observed, 'observe' | 'collect'> {
    return this.#observed;
  }

  /** Asks all observers, then moves everything recent on, to totals and taps: also what the asking made others record. */
  collect(): void {
    this.#observed.collect(this.now());
    this.#fold();
  }

  /** Gives `tap` each series that is folded from now on, until the returned function is called. */
  tap(tap: Tap): () => void {
    this.#fold();
    this.#taps.add(tap);
    return () => void this.#taps.delete(tap);
  }

  #fold(): void {
    for (const metric of this.#metrics.values()) {
      for (const series of metric.series.values()) {
        if (series.recent.empty) continue;
        for (const tap of this.#taps) tap(metric, series);
        series.folded.take(series.recent);
        series.recent.clear();
      }
    }
  }

  #cellsOf(name: string, { boundaries }: MetricDeclaration): () => Cells {
    const refuse = (value: number): void => {
      this.#options.refuse?.(new RangeError(`${name}: ${value} cannot be recorded`));
    };
    if (boundaries === undefined) return () => new SumCells(refuse);
    if (this.#options.histograms !== 'exponential') {
      const table = bucketTable(boundaries);
      return () => new ExplicitCells(table, refuse);
    }
    let told = false;
    const tellScale = (scale: number): void => {
      if (told) return;
      told = true;
      diag.info(
        `kvscope: the values of ${name} lie so far apart that its buckets became coarser: scale ${scale}`,
      );
    };
    return () => new ExponentialCells(refuse, tellScale);
  }
}
