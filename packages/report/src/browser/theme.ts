/** The colours of the page as they are at the moment, for what draws on a canvas. */
export interface Theme {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly ground: string;
  readonly series: readonly string[];
  /** From least to most. */
  readonly heat: readonly string[];
  readonly good: string;
  readonly fair: string;
  readonly bad: string;
}

/** How many there are. */
export const SERIES_COLOURS = 8;
const HEAT = 6;

export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const many = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => colour(`${name}${i}`));
  return {
    text: colour('text'),
    quiet: colour('quiet'),
    grid: colour('grid'),
    ground: colour('ground'),
    series: many('series', SERIES_COLOURS),
    heat: many('heat', HEAT),
    good: colour('good'),
    fair: colour('fair'),
    bad: colour('bad'),
  };
}

/** Colours of tiers are the same on every chart; what is no tier takes the next that is free. */
const FIXED: readonly (readonly [pattern: RegExp, index: number])[] = [
  [/\bl0\b/, 0],
  [/\bl1\b/, 1],
  [/\bl2\b/, 2],
];

/** A number for each name: that of its colour. From {@link SERIES_COLOURS} on the colours begin anew, and lines are dashed. */
export function colourIndexes(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const distinct = [...new Set(names)];
  const fixed = (name: string) => FIXED.find(([pattern]) => pattern.test(name))?.[1];
  const wanted = distinct.map(fixed);
  // Two names with one tier would look alike: then no colour is fixed.
  const given = wanted.filter((index) => index !== undefined);
  const useFixed = new Set(given).size === given.length;
  let next = useFixed && given.length > 0 ? FIXED.length : 0;
  for (const [i, name] of distinct.entries()) {
    const index = useFixed ? wanted[i] : undefined;
    found.set(name, index ?? next++);
  }
  return found;
}
