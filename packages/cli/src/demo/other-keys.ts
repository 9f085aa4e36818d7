import type { BlockKey } from '@kvscope/core';

/** As if each request hashed with a salt of its own. */
export function keysOfNobodyElse(keys: readonly BlockKey[], request: number): readonly BlockKey[] {
  return keys.map((key) => `${request}/${key}`);
}

/** One prompt, as far as it is as long as theirs, in three of five requests; the others are of nobody else. */
export function oneAmongMany(keys: readonly BlockKey[], request: number): readonly BlockKey[] {
  return request % 5 < 3 ? keys.map((_, i) => `wanted/${i}`) : keysOfNobodyElse(keys, request);
}
