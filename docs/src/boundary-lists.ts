import * as core from '@kvscope/core';

/** The lists of bucket boundaries that core exports, by name: found, so that a new one needs no line here. */
const LISTS: readonly (readonly [string, unknown])[] = Object.entries(core).filter(
  ([, value]) =>
    Array.isArray(value) && value.length > 0 && value.every((bound) => typeof bound === 'number'),
);

/** The name under which core exports this very list, if it does. */
export function boundaryName(boundaries: readonly number[]): string | undefined {
  return LISTS.find(([, list]) => list === boundaries)?.[0];
}

/** Bounds as a person writes them: no exponent, no float noise. */
export function boundaryText(boundaries: readonly number[]): string {
  const format = new Intl.NumberFormat('en-US', { useGrouping: false, maximumSignificantDigits: 15 });
  return boundaries.map((bound) => format.format(bound)).join(', ');
}
