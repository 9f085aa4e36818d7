import { createBus, TIERS, type Tier } from '@kvscope/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TierCapacities, TieredLru } from '../../src/replay/tiered-lru.js';
import { BLOCK_WORDS, histories, type Published, record } from './events.js';

interface Request {
  readonly time: number;
  readonly ids: readonly number[];
}

/** The algorithm as it is told, one block at a time: a tier is an array, its least recently used block the first. */
function reference(capacities: TierCapacities, requests: readonly Request[]) {
  const tiers = TIERS.filter((tier) => (capacities[tier] ?? 0) > 0).map((tier) => ({
    tier,
    capacity: capacities[tier] as number,
    blocks: [] as number[],
  }));
  const events: Published[] = [];
  const lookups: { time: number; tier: Tier; blocks: number; hits: number }[] = [];
  for (const { time, ids } of requests) {
    const servedBy: Tier[] = [];
    for (const id of ids) {
      const fastest = tiers.find(({ blocks }) => blocks.includes(id));
      if (fastest === undefined) break;
      servedBy.push(fastest.tier);
    }
    let asked = ids.length;
    for (const { tier } of tiers) {
      const hits = servedBy.filter((server) => server === tier).length;
      if (asked > 0) lookups.push({ time, tier, blocks: asked, hits });
      asked -= hits;
    }
    for (const id of ids) {
      for (const { tier, capacity, blocks } of tiers) {
        const place = blocks.indexOf(id);
        if (place !== -1) blocks.splice(place, 1);
        blocks.push(id);
        events.push({ type: place === -1 ? 'stored' : 'accessed', time, tier, keys: [id] });
        while (blocks.length > capacity) {
          events.push({ type: 'evicted', time, tier, keys: [blocks.shift() as number] });
        }
      }
    }
  }
  return { events, lookups };
}

function replayed(capacities: TierCapacities, requests: readonly Request[], words = BLOCK_WORDS) {
  const bus = createBus();
  const recorded = record(bus, words);
  const cache = new TieredLru(capacities, bus);
  for (const { time, ids } of requests) cache.serve(time, ids);
  return { ...recorded, cache, bus };
}

const streams = (ids: fc.Arbitrary<number[]>) =>
  fc.array(fc.record({ ids, gap: fc.nat(3) }), { maxLength: 25 }).map((requests) => {
    let time = 0;
    return requests.map(({ ids, gap }): Request => {
      time += gap;
      return { time, ids };
    });
  });
const anyIds = fc.array(fc.nat(9), { maxLength: 12 });
const distinctIds = fc.uniqueArray(fc.nat(15), { maxLength: 8 });
const tinyCapacities = fc
  .record({ l0: fc.nat(4), l1: fc.nat(7), l2: fc.nat(12) })
  .filter(({ l0, l1, l2 }) => l0 + l1 + l2 > 0);

describe('TieredLru', () => {
  it('does to each block of each tier what the algorithm says, in its order', () => {
    fc.assert(
      fc.property(tinyCapacities, streams(anyIds), (capacities, requests) => {
        const expected = reference(capacities, requests);
        const { events, lookups } = replayed(capacities, requests);
        expect(histories(events)).toEqual(histories(expected.events));
        expect(lookups).toEqual(
          expected.lookups.map((lookup) => expect.objectContaining({ ...lookup, startTime: lookup.time })),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('publishes distinct keys, never none, from one source', () => {
    fc.assert(
      fc.property(tinyCapacities, streams(anyIds), (capacities, requests) => {
        const { events, sources } = replayed(capacities, requests);
        for (const { keys } of events) {
          expect(keys.length).toBeGreaterThan(0);
          expect(new Set(keys).size).toBe(keys.length);
        }
        expect(sources.size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('publishes at most one event of each kind per request and tier that holds the request', () => {
    const capacities = fc.record({
      l0: fc.integer({ min: 8, max: 10 }),
      l1: fc.integer({ min: 8, max: 12 }),
      l2: fc.constantFrom(0, 8, 14),
    });
    fc.assert(
      fc.property(capacities, streams(distinctIds), (held, requests) => {
        const apart = requests.map(({ ids }, i) => ({ time: i, ids }));
        const { events } = replayed(held, apart);
        const names = events.map(({ type, tier, time }) => `${type} ${tier} ${time}`);
        expect(names).toEqual([...new Set(names)]);
      }),
    );
  });

  it('publishes the same events of a kind whoever listens to the others', () => {
    fc.assert(
      fc.property(
        tinyCapacities,
        streams(anyIds),
        fc.subarray([...BLOCK_WORDS]),
        (capacities, requests, words) => {
          const all = replayed(capacities, requests).events;
          const some = replayed(capacities, requests, words).events;
          expect(some).toEqual(all.filter(({ type }) => words.includes(type)));
        },
      ),
    );
  });

  it('evicts a block before its turn and stores it again, in this order', () => {
    // Of 1 2 3, the request for 4 1 evicts 1 for 4, then 2 for 1.
    const { events } = replayed({ l0: 3 }, [
      { time: 0, ids: [1, 2, 3] },
      { time: 5, ids: [4, 1] },
    ]);
    expect(events.slice(1)).toEqual([
      { type: 'evicted', time: 5, tier: 'l0', keys: [1, 2] },
      { type: 'stored', time: 5, tier: 'l0', keys: [4, 1] },
    ]);
  });

  it('publishes in parts what a request longer than the tier does', () => {
    const { events } = replayed({ l0: 2 }, [{ time: 1, ids: [1, 2, 3, 4] }]);
    expect(events).toEqual([
      { type: 'stored', time: 1, tier: 'l0', keys: [1, 2] },
      { type: 'evicted', time: 1, tier: 'l0', keys: [1, 2] },
      { type: 'stored', time: 1, tier: 'l0', keys: [3, 4] },
    ]);
  });

  it('asks each tier for what those before it miss, and no tier for nothing', () => {
    const { lookups } = replayed({ l0: 1, l1: 2, l2: 4 }, [
      { time: 0, ids: [1, 2, 3] },
      { time: 1, ids: [2, 3, 9, 1] },
      { time: 2, ids: [1] },
      { time: 3, ids: [] },
    ]);
    const seen = lookups.map(({ time, tier, blocks, hits }) => [time, tier, blocks, hits]);
    expect(seen).toEqual([
      [0, 'l0', 3, 0],
      [0, 'l1', 3, 0],
      [0, 'l2', 3, 0],
      // l0 holds 3, l1 2 3: 2 and 3 are hits, 9 ends the prefix.
      [1, 'l0', 4, 1],
      [1, 'l1', 3, 1],
      [1, 'l2', 2, 0],
      [2, 'l0', 1, 1],
    ]);
  });

  it('tells its occupancy until it is closed, and that it has no wall clock', () => {
    const { bus, cache, sources } = replayed({ l0: 2, l2: 9 }, [{ time: 0, ids: [1, 2, 3] }]);
    const [source] = sources;
    expect(source).toMatchObject({ live: false, accesses: true });
    expect(source?.occupancy?.()).toEqual({
      tiers: [
        { tier: 'l0', capacity: 2, evictable: 2, pinned: 0, unknown: 0 },
        { tier: 'l2', capacity: 9, evictable: 3, pinned: 0, unknown: 0 },
      ],
    });
    expect([...bus.sources]).toEqual([source]);
    cache.close();
    expect(bus.sources.size).toBe(0);
  });

  it('refuses capacities outside their range', () => {
    expect(() => new TieredLru({ l0: -1 }, createBus())).toThrow(
      /^l0 is -1; allowed: a whole number from 0 to 1073741824/,
    );
    expect(() => new TieredLru({ l1: 1.5 }, createBus())).toThrow(/^l1 is 1.5;/);
    expect(() => new TieredLru({ l0: 0 }, createBus())).toThrow(
      /^tiers is 'l0: 0, l1: 0, l2: 0'; allowed: one above 0$/,
    );
  });
});
