import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PositionSet } from '../src/position-set.ts';

const POSITIONS = 200;

it('counts like a list of positions', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(POSITIONS - 1)), fc.nat(POSITIONS - 1), (toggled, upTo) => {
      const set = new PositionSet(POSITIONS);
      const there = new Set<number>();
      for (const position of toggled) {
        if (there.delete(position)) set.remove(position);
        else {
          there.add(position);
          set.add(position);
        }
      }
      expect(set.upTo(upTo)).toBe([...there].filter((position) => position <= upTo).length);
    }),
  );
});

it('counts full words, and the last position of one', () => {
  const set = new PositionSet(96);
  for (let position = 0; position < 96; position++) set.add(position);
  expect([0, 31, 32, 63, 95].map((position) => set.upTo(position))).toEqual([1, 32, 33, 64, 96]);
});
