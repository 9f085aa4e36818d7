import type { Source } from '../source.js';

/** What finds the bound series of one metric: a source and the values of the metric's own attributes, in order. */
export interface Series<B, V extends readonly unknown[] = readonly (string | undefined)[]> {
  at(source: Source, ...values: V): B;
}

type Value = string | undefined;

/** One bound series of a source, and those after it. */
interface Entry<B> {
  readonly first: Value;
  readonly second: Value;
  readonly third: Value;
  readonly bound: B;
  next: Entry<B> | undefined;
}

/**
 * Series found by the identity of their source, then by attribute values, without hashing an attribute set. A source has
 * few series of a metric, those that come often come early, and the values are literals: walking a list of them takes a
 * third of the time of a look-up by text. The last source is remembered, since events come in runs of one source.
 *
 * A subscriber that records many metrics of one event may keep all their series in a table of its own, so that one walk
 * finds them.
 */
export class SeriesTable<B> {
  readonly #depth: number;
  readonly #bind: (source: Source, values: readonly Value[]) => B;
  /** The series of a source in the order in which they were bound. */
  readonly #heads = new WeakMap<Source, Entry<B>>();
  #lastSource: Source | undefined;
  #lastHead: Entry<B> | undefined;

  constructor(depth: number, bind: (source: Source, values: readonly Value[]) => B) {
    this.#depth = depth;
    this.#bind = bind;
  }

  /** Arguments past the metric's number of attributes are not looked at. */
  at(source: Source, first?: string, second?: string, third?: string): B {
    let entry = source === this.#lastSource ? this.#lastHead : this.#remember(source);
    for (; entry !== undefined; entry = entry.next) {
      if (entry.first === first && entry.second === second && entry.third === third) return entry.bound;
    }
    return this.#bound(source, [first, second, third].slice(0, this.#depth));
  }

  #remember(source: Source): Entry<B> | undefined {
    this.#lastSource = source;
    this.#lastHead = this.#heads.get(source);
    return this.#lastHead;
  }

  /** Binds before it adds anything, so that values which cannot be bound leave nothing behind. */
  #bound(source: Source, values: readonly Value[]): B {
    const [first, second, third] = values;
    let last = this.#remember(source);
    for (let entry = last; entry !== undefined; entry = entry.next) {
      if (entry.first === first && entry.second === second && entry.third === third) return entry.bound;
      last = entry;
    }
    const entry = { first, second, third, bound: this.#bind(source, values), next: undefined };
    if (last === undefined) this.#heads.set(source, entry);
    else last.next = entry;
    this.#remember(source);
    return entry.bound;
  }
}
