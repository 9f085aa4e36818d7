import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Holes } from '../src/holes.ts';

const POSITIONS = 200;

it('counts like a list of positions', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(POSITIONS - 1)), fc.nat(POSITIONS - 1), (left, asked) => {
      const holes = new Holes(POSITIONS);
      left.forEach((position, i) => {
        const behind = left.slice(0, i).filter((other) => other > position).length;
        expect(holes.add(position)).toBe(behind);
      });
      expect(holes.behind(asked)).toBe(left.filter((position) => position > asked).length);
      holes.clear();
      expect(holes.behind(asked)).toBe(0);
    }),
  );
});

it('counts full words, and the last position of one', () => {
  const holes = new Holes(96);
  for (let position = 0; position < 96; position++) expect(holes.add(position)).toBe(0);
  expect([0, 31, 32, 63, 95].map((position) => holes.behind(position))).toEqual([95, 64, 63, 32, 0]);
});
