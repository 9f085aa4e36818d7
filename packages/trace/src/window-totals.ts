import type { MetricTotals } from './state.js';

type Told = { values: MetricTotals } | { missing: string };

/** What the metrics say of a window: their totals at its end, less those at its beginning. */
export class WindowTotals {
  readonly #read: (() => Promise<MetricTotals>) | undefined;
  readonly #tell: (told: Told) => void;
  #before: Promise<MetricTotals> = Promise.resolve({});

  constructor(read: (() => Promise<MetricTotals>) | undefined, tell: (told: Told) => void) {
    this.#read = read;
    this.#tell = tell;
  }

  started(): void {
    if (this.#read === undefined) return;
    this.#before = this.#read();
    // It is looked at when the window ends.
    this.#before.catch(() => undefined);
  }

  finished(): void {
    if (this.#read === undefined) {
      this.#tell({ missing: 'this process hands none to its trace (option trace.totals)' });
      return;
    }
    Promise.all([this.#before, this.#read()]).then(
      ([before, after]) => {
        const names = Object.keys(after);
        const values = names.map((name) => [name, (after[name] as number) - (before[name] ?? 0)]);
        this.#tell({ values: Object.fromEntries(values) as MetricTotals });
      },
      (error: unknown) => this.#tell({ missing: `reading the metrics failed: ${String(error)}` }),
    );
  }
}
