import type { Recorder, Report } from '@kvscope/core';

interface Total {
  count: number;
  sum: number;
}

/** Keeps the count and the sum of each metric, so that its size does not depend on how much is recorded. */
export class TotalsRecorder implements Recorder {
  readonly #totals = new Map<string, Total>();
  readonly #collectors = new Set<(report: Report) => void>();

  readonly histogram: Recorder['histogram'] = (name) => {
    const total = this.#of(name);
    return { record: (value) => add(total, value) };
  };

  readonly counter: Recorder['counter'] = (name) => {
    const total = this.#of(name);
    return { add: (value) => add(total, value) };
  };

  readonly observe: Recorder['observe'] = (_, collect) => {
    this.#collectors.add(collect);
    return () => void this.#collectors.delete(collect);
  };

  count(name: string): number {
    return this.#of(name).count;
  }

  sum(name: string): number {
    return this.#of(name).sum;
  }

  /** Collects, and adds up what was observed under a name with the attribute value `word`. */
  observed(name: string, word: string): number {
    let sum = 0;
    for (const collect of this.#collectors) {
      collect((observed, value, attributes) => {
        if (observed === name && Object.values(attributes).includes(word)) sum += value;
      });
    }
    return sum;
  }

  #of(name: string): Total {
    const known = this.#totals.get(name);
    if (known !== undefined) return known;
    const made = { count: 0, sum: 0 };
    this.#totals.set(name, made);
    return made;
  }
}

function add(total: Total, value: number): void {
  total.count++;
  total.sum += value;
}
