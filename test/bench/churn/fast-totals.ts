import { FastRecorder } from '@kvscope/fast-path';

/** The fast path, and what it adds up to over all series of a metric. */
export class FastTotals {
  readonly recorder = new FastRecorder();

  /** How often a histogram was recorded into. */
  count(name: string): number {
    return total(this.#values(name).map((value) => (typeof value === 'number' ? 0 : value.count)));
  }

  /** What was added to a counter. */
  sum(name: string): number {
    return total(this.#values(name).map((value) => (typeof value === 'number' ? value : value.sum)));
  }

  /** Asks all observers, and adds up what they say under a name with the attribute value `word`. */
  observed(name: string, word: string): number {
    this.recorder.collect();
    const points = this.recorder.observed.metrics.get(name)?.points ?? [];
    let sum = 0;
    for (const [attributes, { value }] of points) if (Object.values(attributes).includes(word)) sum += value;
    return sum;
  }

  #values(name: string) {
    this.recorder.collect();
    const metric = [...this.recorder.metrics].find((each) => each.name === name);
    const series = [...(metric?.series.values() ?? [])].filter(({ folded }) => !folded.empty);
    return series.map(({ folded }) => folded.value());
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
