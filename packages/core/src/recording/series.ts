import type { Source } from '../source.js';

interface Branch<B> {
  [value: string]: Branch<B> | B;
}

/** What finds the bound series of one metric: a source and the values of the metric's own attributes, in order. */
export interface Series<B, V extends readonly unknown[] = readonly (string | undefined)[]> {
  at(source: Source, ...values: V): B;
}

/**
 * Series found by the identity of their source, then by attribute values, without hashing an attribute set. The
 * last source is remembered: events come in runs of one source.
 */
export class SeriesTable<B> {
  readonly #depth: number;
  readonly #bind: (source: Source, values: readonly (string | undefined)[]) => B;
  readonly #roots = new WeakMap<Source, Branch<B>>();
  #lastSource: Source | undefined;
  #lastRoot: Branch<B> | undefined;

  constructor(depth: number, bind: (source: Source, values: readonly (string | undefined)[]) => B) {
    this.#depth = depth;
    this.#bind = bind;
  }

  /** Arguments past the metric's number of attributes are not looked at. */
  at(source: Source, first?: string, second?: string, third?: string): B {
    const root = source === this.#lastSource ? (this.#lastRoot as Branch<B>) : this.#rootOf(source);
    const depth = this.#depth;
    let found = root[String(depth > 0 ? first : '')];
    if (depth > 1) found = (found as Branch<B> | undefined)?.[String(second)];
    if (depth > 2) found = (found as Branch<B> | undefined)?.[String(third)];
    return (found ?? this.#grow(root, source, [first, second, third].slice(0, depth))) as B;
  }

  #rootOf(source: Source): Branch<B> {
    let root = this.#roots.get(source);
    if (root === undefined) {
      root = Object.create(null) as Branch<B>;
      this.#roots.set(source, root);
    }
    this.#lastSource = source;
    this.#lastRoot = root;
    return root;
  }

  /** Binds before it adds anything, so that values which cannot be bound leave nothing behind. */
  #grow(root: Branch<B>, source: Source, values: (string | undefined)[]): B {
    const bound = this.#bind(source, values);
    let branch = root;
    for (const value of values.slice(0, -1)) {
      const next = (branch[String(value)] ?? Object.create(null)) as Branch<B>;
      branch[String(value)] = next;
      branch = next;
    }
    branch[String(values.length > 0 ? values.at(-1) : '')] = bound as Branch<B> | B;
    return bound;
  }
}
