import { createKeyHash } from '@kvscope/core';
import { expect, it } from 'vitest';
import { HotKeys } from '../src/hot-keys.ts';

const hash = createKeyHash(0);

/** Lets some of `references` vote, as the subscriber does. @returns how many ages ended */
function vote(hotKeys: HotKeys, references: number, key: (i: number) => number): number {
  let ages = 0;
  for (let i = 0; i < references; i += hotKeys.skip()) if (hotKeys.vote(hash(key(i)))) ages++;
  return ages;
}

/** Each key once. */
const scan = (i: number) => 1000 + i;

it('a key of 1 in 500 references is hot, one of 1 in 20,000 is not, nor is any of a scan', () => {
  const hotKeys = new HotKeys();
  vote(hotKeys, 400_000, (i) => (i % 500 < 1 ? 1 : i % 20_000 === 7 ? 2 : scan(i)));
  expect([hotKeys.has(hash(1)), hotKeys.has(hash(2))]).toEqual([true, false]);
  const scanned = Array.from({ length: 400_000 }, (_, i) => hash(scan(i)));
  expect(scanned.some((hashed) => hotKeys.has(hashed))).toBe(false);
});

it('a key that stands at the same position of each event is found as well as any', () => {
  for (let length = 1; length <= 32; length++) {
    const hotKeys = new HotKeys();
    vote(hotKeys, 50_000, (i) => (i % length === length - 1 ? 1 : scan(i)));
    expect(hotKeys.has(hash(1))).toBe(true);
  }
});

it('a key that was hot is hot no more a few ages after its last reference', () => {
  const hotKeys = new HotKeys();
  vote(hotKeys, 10_000, () => 1);
  expect(hotKeys.has(hash(1))).toBe(true);
  // 1,250 votes, halved at each age down to less than 4: 9 ages of 131,072 references.
  expect(vote(hotKeys, 10 * 131_072, scan)).toBeGreaterThanOrEqual(9);
  expect(hotKeys.has(hash(1))).toBe(false);
});
