import { expect, test } from 'vitest';
import * as vocabulary from '../src/vocabulary.ts';

test.each(Object.entries(vocabulary))('%s: each word once', (_, words) => {
  expect(new Set<string>(words).size).toBe(words.length);
  for (const word of words) expect(word).toMatch(/^([a-z][a-z0-9_]*|_OTHER|\d+(\.\d+)?)$/);
});

test('the tiers stand from the fastest to the slowest', () => {
  expect(vocabulary.TIERS).toEqual(['l0', 'l1', 'l2']);
});
