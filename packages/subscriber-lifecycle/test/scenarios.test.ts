import { describe, expect, it } from 'vitest';
import { setup } from './setup.ts';

type Cache = ReturnType<typeof setup>;

interface Expected {
  readonly lifetime?: number[];
  readonly idle?: number[];
  readonly gaps?: number[];
  readonly evictReuse?: number[];
  readonly misses?: number;
  readonly reuses?: number[];
  readonly discarded?: number;
  readonly untracked?: number;
}

const SCENARIOS: readonly [id: number, what: string, script: (cache: Cache) => void, expected: Expected][] = [
  [
    1,
    'a block that nobody reads lives idle',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    2,
    'each access ends a gap and begins the next',
    ({ stored, accessed, evicted }) => {
      stored([1], 100);
      accessed([1], 110);
      accessed([1], 130);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [30], gaps: [10, 20], reuses: [2] },
  ],
  [
    3,
    'a re-store of a resident block is a touch',
    ({ stored, evicted }) => {
      stored([1], 100);
      stored([1], 150);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [10], gaps: [50], reuses: [0] },
  ],
  [
    4,
    'a block that comes back within the window',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
      stored([1], 200);
      evicted([1], 210);
    },
    { lifetime: [60, 10], idle: [60, 10], evictReuse: [40], reuses: [0, 0] },
  ],
  [
    5,
    'a block that comes back after the window',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
      stored([1], 1000);
    },
    { lifetime: [60], idle: [60], misses: 1, reuses: [0] },
  ],
  [
    6,
    'the clock alone expires a ghost',
    ({ stored, evicted, clock }) => {
      stored([1], 100);
      evicted([1], 160);
      clock.moveTo(460_000);
    },
    { lifetime: [60], idle: [60], misses: 1, reuses: [0] },
  ],
  [
    7,
    'half a second early the ghost still waits',
    ({ stored, evicted, clock }) => {
      stored([1], 100);
      evicted([1], 160);
      clock.moveTo(459_500);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    8,
    'a read of a block that is gone is nothing',
    ({ stored, evicted, accessed }) => {
      stored([1], 100);
      evicted([1], 160);
      accessed([1], 170);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    9,
    'a second eviction is nothing',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
      evicted([1], 170);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    10,
    'blocks that were never stored are nothing',
    ({ accessed, evicted }) => {
      accessed([1], 100);
      evicted([2], 160);
    },
    {},
  ],
  [
    11,
    'a key named twice in one event counts once',
    ({ stored, accessed }) => {
      stored([1, 1], 100);
      accessed([1, 1], 110);
    },
    { gaps: [10] },
  ],
  [
    12,
    'time that runs backwards is discarded and counted',
    ({ stored, accessed, evicted }) => {
      stored([1], 100);
      accessed([1], 90);
      evicted([1], 80);
    },
    { reuses: [1], discarded: 3 },
  ],
  [
    13,
    'internal reads are no reuse',
    ({ stored, accessedInternally, evicted }) => {
      stored([1], 100);
      accessedInternally([1], 110);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    14,
    'idle time runs from the release',
    ({ stored, accessed, released, evicted }) => {
      stored([1], 100);
      accessed([1], 110);
      released([1], 150);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [10], gaps: [10], reuses: [1] },
  ],
  [
    15,
    'a deleted block leaves no ghost',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160, 'deleted');
      stored([1], 200);
    },
    { lifetime: [60], idle: [60], reuses: [0] },
  ],
  [
    16,
    'a block of one source is not that of another',
    ({ stored, evicted, newSource }) => {
      stored([1], 100, newSource());
      evicted([1], 150, 'capacity', newSource());
    },
    {},
  ],
  [
    17,
    'a clear evicts all',
    ({ stored, cleared }) => {
      stored([1, 2], 100);
      cleared(160);
    },
    { lifetime: [60, 60], idle: [60, 60], reuses: [0, 0] },
  ],
  [
    18,
    'the first gap runs from the store',
    ({ stored, accessed, evicted }) => {
      stored([1], 1);
      for (const t of [10, 20, 30, 40, 50, 60]) accessed([1], t);
      evicted([1], 100);
    },
    { lifetime: [99], idle: [40], gaps: [9, 10, 10, 10, 10, 10], reuses: [6] },
  ],
  [
    19,
    'a release neither starts nor ends a gap',
    ({ stored, accessed, released, evicted }) => {
      stored([1], 100);
      accessed([1], 110);
      released([1], 150);
      accessed([1], 155);
      evicted([1], 160);
    },
    { lifetime: [60], idle: [5], gaps: [10, 45], reuses: [2] },
  ],
  [
    20,
    'just within the window',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
      stored([1], 459.999);
    },
    { lifetime: [60], idle: [60], evictReuse: [299.999], reuses: [0] },
  ],
  [
    21,
    'the window is strict',
    ({ stored, evicted }) => {
      stored([1], 100);
      evicted([1], 160);
      stored([1], 460);
    },
    { lifetime: [60], idle: [60], misses: 1, reuses: [0] },
  ],
  [
    22,
    'a reset forgets without a histogram value',
    ({ stored, reset, evicted }) => {
      stored([1], 100);
      reset(160);
      evicted([1], 170);
    },
    { untracked: 1 },
  ],
  [
    23,
    'a source without accesses tells nothing of reuse',
    ({ stored, evicted, newSource }) => {
      const mute = newSource({ accesses: false });
      stored([1], 100, mute);
      evicted([1], 160, 'capacity', mute);
      stored([1], 200, mute);
    },
    { lifetime: [60], evictReuse: [40] },
  ],
];

describe('scenario', () => {
  it.each(SCENARIOS)('%i: %s', (_id, _what, script, expected) => {
    const cache = setup();
    script(cache);
    const { recorder, bus } = cache;
    expect({
      lifetime: recorder.values('kv_cache.block.lifetime'),
      idle: recorder.values('kv_cache.block.idle_time'),
      gaps: recorder.values('kv_cache.block.reuse_gap'),
      evictReuse: recorder.values('kv_cache.block.evict_reuse_gap'),
      misses: recorder.sum('kv_cache.block.evict_reuse_misses'),
      reuses: recorder.values('kv_cache.block.reuses'),
      discarded: recorder.sum('kv_cache.block.discarded_intervals'),
      untracked: recorder.sum('kv_cache.block.untracked'),
    }).toEqual({
      lifetime: [],
      idle: [],
      gaps: [],
      evictReuse: [],
      misses: 0,
      reuses: [],
      discarded: 0,
      untracked: 0,
      ...expected,
    });
    expect(bus.failures.size).toBe(0);
  });
});
