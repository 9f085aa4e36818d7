import type { AttributeSet, MetricDeclaration } from '@kvscope/core';
import type { Cells, PointValue } from './cells/cells.js';
import type { FastRecorder } from './fast-recorder.js';
import type { ObservedMetric, ObservedPoint } from './observed.js';
import type { Metric, Series } from './series.js';

export interface TakenPoint {
  readonly attributes: AttributeSet;
  /** Epoch ms. */
  readonly startTime: number;
  readonly value: PointValue;
}

/** What one metric has for a reader. */
export interface Taken {
  readonly name: string;
  readonly declaration: MetricDeclaration;
  readonly delta: boolean;
  readonly points: readonly TakenPoint[];
}

/** Whether a reader wants what came since it last read, rather than what came since the start. */
export type WantsDelta = (declaration: MetricDeclaration) => boolean;

/**
 * One who reads a recorder, at times of its own. Totals are kept once for all; what a reader has not read yet of the
 * metrics that it wants as deltas is kept for each.
 */
export class Reader {
  readonly #recorder: FastRecorder;
  readonly #wantsDelta: WantsDelta;
  readonly #unread = new Map<Series, Cells>();
  /** Values of observed series when they were last read. */
  readonly #lastObserved = new Map<ObservedPoint, number>();
  readonly #untap: () => void;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastCollection = 0;

  constructor(recorder: FastRecorder, wantsDelta: WantsDelta) {
    this.#recorder = recorder;
    this.#wantsDelta = wantsDelta;
    const keep = (metric: Metric, series: Series, cells: Cells): void => {
      if (wantsDelta(metric.declaration)) this.#unreadOf(metric, series).take(cells);
    };
    this.#untap = recorder.tap((metric, series) => keep(metric, series, series.recent));
    // Whoever comes late is told of what was before in its first delta.
    for (const metric of recorder.metrics) {
      for (const series of metric.series.values()) keep(metric, series, series.folded);
    }
  }

  /** Everything there is to read now; metrics without a point are left out. */
  take(): Taken[] {
    this.#recorder.collect();
    const taken = [
      ...[...this.#recorder.metrics].map((metric) => this.#recorded(metric)),
      ...[...this.#recorder.observed.metrics.values()].map((metric) => this.#observed(metric)),
    ];
    this.#lastTime = this.#recorder.now();
    this.#lastCollection = this.#recorder.observed.collections;
    return taken.filter(({ points }) => points.length > 0);
  }

  /** Keeps nothing for this reader any more. */
  close(): void {
    this.#untap();
    this.#unread.clear();
  }

  #unreadOf(metric: Metric, series: Series): Cells {
    const known = this.#unread.get(series);
    if (known !== undefined) return known;
    const made = metric.makeCells();
    this.#unread.set(series, made);
    return made;
  }

  #recorded({ name, declaration, series }: Metric): Taken {
    const delta = this.#wantsDelta(declaration);
    const points: TakenPoint[] = [];
    for (const each of series.values()) {
      const cells = delta ? this.#unread.get(each) : each.folded;
      if (cells === undefined || cells.empty) continue;
      const { attributes } = each;
      points.push({ attributes, startTime: this.#startOf(each, delta), value: cells.value() });
      if (delta) cells.clear();
    }
    return { name, declaration, delta, points };
  }

  #observed({ name, declaration, points }: ObservedMetric): Taken {
    const delta = this.#wantsDelta(declaration);
    // Who wants what changed is not told again of what nobody observed since.
    const wanted = [...points].filter(([, { collection }]) => !delta || collection > this.#lastCollection);
    const taken = wanted.map(([attributes, point]): TakenPoint => {
      const startTime = this.#startOf(point, delta);
      if (!delta || declaration.instrument === 'observableGauge') {
        return { attributes, startTime, value: point.value };
      }
      const grown = point.value - (this.#lastObserved.get(point) ?? 0);
      this.#lastObserved.set(point, point.value);
      return { attributes, startTime, value: grown };
    });
    return { name, declaration, delta, points: taken };
  }

  #startOf({ startTime }: { readonly startTime: number }, delta: boolean): number {
    return delta ? Math.max(startTime, this.#lastTime) : startTime;
  }
}
