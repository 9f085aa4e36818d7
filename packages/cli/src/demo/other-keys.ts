import type { BlockKey } from '@kvscope/core';

/** As if each request hashed with a salt of its own. */
export function keysOfNobodyElse(keys: readonly BlockKey[], request: number): readonly BlockKey[] {
  return keys.map((key) => `${request}/${key}`);
}

/** Of five requests two are of nobody else; the others are as they were. */
export function someOfNobodyElse(keys: readonly BlockKey[], request: number): readonly BlockKey[] {
  return request % 5 < 2 ? keysOfNobodyElse(keys, request) : keys;
}
