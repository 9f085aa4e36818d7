/** The time during which at least one of some intervals lasted. Holds only intervals that do not touch. */
export class IntervalUnion {
  /** Start and end of each, in turn, ascending. */
  readonly #bounds: number[] = [];

  add(start: number, end: number): void {
    const bounds = this.#bounds;
    // From the back, since chunks mostly arrive in order. `from`: the first interval that does not end before start.
    let from = bounds.length;
    while (from > 0 && (bounds[from - 1] as number) >= start) from -= 2;
    let to = from;
    while (to < bounds.length && (bounds[to] as number) <= end) to += 2;
    if (to === from) bounds.splice(from, 0, start, end);
    else {
      const mergedStart = Math.min(start, bounds[from] as number);
      const mergedEnd = Math.max(end, bounds[to - 1] as number);
      bounds.splice(from, to - from, mergedStart, mergedEnd);
    }
  }

  get length(): number {
    let length = 0;
    for (let i = 0; i < this.#bounds.length; i += 2) {
      length += (this.#bounds[i + 1] as number) - (this.#bounds[i] as number);
    }
    return length;
  }

  /** Where the last one ends; -Infinity when there is none. */
  get end(): number {
    return this.#bounds.at(-1) ?? Number.NEGATIVE_INFINITY;
  }
}
