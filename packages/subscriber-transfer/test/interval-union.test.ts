import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IntervalUnion } from '../src/interval-union.ts';

const SPAN = 60;

it('counts each moment once, whatever the intervals and their order', () => {
  const interval = fc
    .tuple(fc.nat(SPAN), fc.nat(SPAN))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 25 }), (intervals) => {
      const union = new IntervalUnion();
      const covered = new Set<number>();
      for (const [start, end] of intervals) {
        union.add(start, end);
        for (let moment = start; moment < end; moment++) covered.add(moment);
      }
      expect(union.length).toBe(covered.size);
      expect(union.end).toBe(Math.max(...intervals.map(([, end]) => end)));
    }),
    { numRuns: 2000 },
  );
});

it('is empty at first', () => {
  const union = new IntervalUnion();
  expect([union.length, union.end]).toEqual([0, Number.NEGATIVE_INFINITY]);
});
