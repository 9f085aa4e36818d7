import {
  type LayerWaited,
  type LookupFinished,
  type Source,
  TIERS,
  type TransferFinished,
} from '@kvscope/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntervalStatistics } from '../src/interval-statistics.ts';
import { emptySnapshot, type IntervalSnapshot, isEmpty, mergeSnapshots } from '../src/snapshot.ts';

const source: Source = { attributes: {}, accesses: true, live: true, close: () => {} };
const tier = fc.constantFrom(...TIERS);
const interval = fc
  .tuple(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }))
  .map(([startTime, ms]) => ({ source, startTime, time: startTime + ms }));

type Publication =
  | { readonly type: 'transfer'; readonly event: TransferFinished }
  | { readonly type: 'lookup'; readonly event: LookupFinished }
  | { readonly type: 'wait'; readonly event: LayerWaited };

const transferred = fc.record({
  times: interval,
  from: tier,
  to: tier,
  blocks: fc.nat(),
  bytes: fc.nat(),
  failed: fc.boolean(),
});
const lookedUp = fc.record({ times: interval, tier, hits: fc.nat(50), misses: fc.nat(50) });
const waited = fc.record({ times: interval, operation: fc.constantFrom('load' as const, 'save' as const) });

const publication: fc.Arbitrary<Publication> = fc.oneof(
  transferred.map(({ times, failed, ...rest }) => ({
    type: 'transfer' as const,
    event: { ...times, ...rest, ...(failed && { errorType: 'timeout' as const }) },
  })),
  lookedUp.map(({ times, tier, hits, misses }) => ({
    type: 'lookup' as const,
    event: { ...times, tier, blocks: hits + misses, hits },
  })),
  waited.map(({ times, operation }) => ({
    type: 'wait' as const,
    event: { ...times, batch: 1, layer: 0, first: false, operation, tasks: 1 },
  })),
);

function snapshotOf(publications: readonly Publication[]): IntervalSnapshot {
  const statistics = new IntervalStatistics(1);
  for (const { type, event } of publications) {
    if (type === 'transfer') statistics.transferred(event);
    else if (type === 'lookup') statistics.lookedUp(event);
    else statistics.waited(event);
  }
  return statistics.take();
}

/** All figures by their path: `seconds` to a relative 1e-9, everything else exactly. */
function expectSame(actual: IntervalSnapshot, expected: IntervalSnapshot): void {
  const figures = (node: object, path = ''): [string, number][] =>
    Object.entries(node).flatMap(([key, value]) =>
      typeof value === 'object' ? figures(value, `${path}${key}.`) : [[`${path}${key}`, value as number]],
    );
  const wanted = new Map(figures(expected));
  for (const [path, value] of figures(actual)) {
    const other = wanted.get(path) as number;
    if (!path.endsWith('seconds')) expect([path, value]).toEqual([path, other]);
    else expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.abs(other));
  }
  expect(wanted.size).toBe(9 * 5 + 3 * 2 + 2);
}

const stream = fc.array(publication, { maxLength: 40 });

describe('merging', () => {
  it('does not depend on the order or the grouping', () => {
    fc.assert(
      fc.property(stream.map(snapshotOf), stream.map(snapshotOf), stream.map(snapshotOf), (a, b, c) => {
        expectSame(mergeSnapshots(a, b), mergeSnapshots(b, a));
        expectSame(mergeSnapshots(mergeSnapshots(a, b), c), mergeSnapshots(a, mergeSnapshots(b, c)));
        expectSame(mergeSnapshots(a, emptySnapshot()), a);
      }),
    );
  });

  it('of what k workers saw is what one worker would have seen', () => {
    const dealt = fc.array(fc.tuple(publication, fc.nat(4)), { maxLength: 80 });
    fc.assert(
      fc.property(dealt, (deal) => {
        const workers = [0, 1, 2, 3, 4].map((worker) =>
          structuredClone(snapshotOf(deal.filter(([, to]) => to === worker).map(([event]) => event))),
        );
        const merged = workers.reduce(mergeSnapshots);
        expectSame(merged, snapshotOf(deal.map(([event]) => event)));
        expect(isEmpty(merged)).toBe(workers.every(isEmpty));
      }),
    );
  });

  it('changes neither of the two', () => {
    const [a, b] = [snapshotOf(fc.sample(stream, 1)[0] ?? []), emptySnapshot()];
    const before = structuredClone([a, b]);
    mergeSnapshots(a, b);
    expect([a, b]).toEqual(before);
  });
});

describe('taking', () => {
  it('clears: two halves of a stream merge to the whole of it', () => {
    fc.assert(
      fc.property(stream, stream, (early, late) => {
        const statistics = new IntervalStatistics(1);
        const feed = (publications: readonly Publication[]): IntervalSnapshot => {
          for (const { type, event } of publications) {
            if (type === 'transfer') statistics.transferred(event);
            else if (type === 'lookup') statistics.lookedUp(event);
            else statistics.waited(event);
          }
          return statistics.take();
        };
        expectSame(mergeSnapshots(feed(early), feed(late)), snapshotOf([...early, ...late]));
        expect(statistics.take()).toEqual(emptySnapshot());
        expect(isEmpty(statistics.take())).toBe(true);
      }),
    );
  });

  it('gives away what it took: later events do not change it', () => {
    const statistics = new IntervalStatistics(1);
    const taken = statistics.take();
    statistics.lookedUp({ source, startTime: 0, time: 0, tier: 'l0', blocks: 1, hits: 1 });
    expect(taken).toEqual(emptySnapshot());
  });
});
