import {
  type BlockKey,
  createBus,
  createSampler,
  createSource,
  type SourceOptions,
  startSubscriber,
  type Tier,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { type ReuseCurve, type ReuseOptions, reuse } from '../src/index.ts';

const RATIO = 'kv_cache.reuse.hit_ratio';
const UNTRACKED = 'kv_cache.reuse.untracked';

function setup(options: ReuseOptions = {}, sourceOptions: SourceOptions = occupied(4)) {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  const sampler = createSampler(1);
  const running = startSubscriber(reuse, { bus, recorder, clock: new ScriptedClock(), sampler }, options);
  const source = createSource(sourceOptions, bus);
  const stored = (keys: BlockKey[], seconds = 0, from = source, tier: Tier = 'l1') =>
    bus.publish('block.stored', { time: seconds * 1000, source: from, tier, keys, cause: 'unknown' });
  const accessed = (keys: BlockKey[], by: 'request' | 'internal' = 'request', tier: Tier = 'l1') =>
    bus.publish('block.accessed', { time: 0, source, tier, keys, by });
  const ratios = (tier: Tier = 'l1') => recorder.observed(RATIO, { 'kv_cache.tier': tier });
  return { bus, recorder, running, source, stored, accessed, ratios };
}

function occupied(capacity: number | undefined, tiers: readonly Tier[] = ['l1']): SourceOptions {
  const held = { evictable: 0, pinned: 0, unknown: 0, ...(capacity !== undefined && { capacity }) };
  return { occupancy: () => ({ tiers: tiers.map((tier) => ({ tier, ...held })) }) };
}

describe('the hit ratio', () => {
  it('is that of an LRU of each scale, over stores and accesses by requests', () => {
    const { stored, accessed, ratios } = setup();
    // Distances: a, b, c first; a over b and c: 2; b over c and a: 2; b again: 0. Scales of 4: 1, 2, 4, 8, 16, 32 blocks.
    stored(['a', 'b', 'c']);
    accessed(['a', 'b']);
    accessed(['b']);
    expect(ratios()).toEqual([1 / 6, 1 / 6, 3 / 6, 3 / 6, 3 / 6, 3 / 6]);
  });

  it('counts no access of the store itself', () => {
    const { stored, accessed, ratios } = setup();
    stored(['a']);
    accessed(['a'], 'internal');
    expect(ratios()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is apart for each tier and each source', () => {
    const { bus, stored, accessed, recorder, ratios } = setup({}, occupied(4, ['l0', 'l1']));
    const other = createSource({ ...occupied(4), attributes: { name: 'other' } }, bus);
    stored(['a']);
    stored(['a'], 0, other);
    accessed(['a'], 'request', 'l0');
    accessed(['a'], 'request', 'l1');
    expect(ratios('l0')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(recorder.observed(RATIO, { name: 'other' })).toEqual([0, 0, 0, 0, 0, 0]);
    // The last six of l1 are the other source's.
    expect(ratios('l1')).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0]);
  });

  it('tells 7, 7n and "7" apart', () => {
    const { stored, ratios } = setup();
    stored([7, 7n, '7']);
    expect(ratios()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['the capacity is not known', occupied(undefined)],
    ['the source has no occupancy', {}],
    ['the source reports no accesses', { ...occupied(4), accesses: false }],
    ['the tier holds nothing', occupied(0)],
  ])('has no value where %s', (_, sourceOptions) => {
    const { stored, recorder, bus } = setup({}, sourceOptions);
    stored(['a', 'b']);
    stored(['a']);
    expect(recorder.observed(RATIO)).toEqual([]);
    expect(bus.failures.size).toBe(0);
  });

  it('has no value before the first reference, nor after the source was closed', () => {
    const { source, stored, ratios } = setup();
    expect(ratios()).toEqual([]);
    stored(['a']);
    expect(ratios()).toHaveLength(6);
    source.close();
    expect(ratios()).toEqual([]);
  });

  it('counts a failure of a source, and still tells those of the others', () => {
    const failing = {
      occupancy: () => {
        throw new Error('no');
      },
    };
    const { bus, stored, ratios } = setup({}, failing);
    stored(['a']);
    stored(['a'], 0, createSource(occupied(4), bus));
    expect(ratios()).toHaveLength(6);
    expect(bus.failures.get('reuse')).toBe(1);
  });
});

describe('a workload that changes', () => {
  it('is forgotten by half after the half-life, in the time of the events', () => {
    const { stored, ratios } = setup({ halfLife: 100 });
    // Four references, of which the last three hit, count 1/4 each two half-lives later; then one miss counts 1.
    for (let i = 0; i < 4; i++) stored(['a'], 0);
    stored(['b'], 200);
    expect(ratios()[2]).toBeCloseTo(0.75 / (4 * 0.25 + 1), 12);
  });

  it('counts as it was when the half-life is infinite', () => {
    const { stored, ratios } = setup({ halfLife: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 4; i++) stored(['a'], 0);
    stored(['b'], 1e9);
    expect(ratios()[2]).toBeCloseTo(3 / 5, 12);
  });

  it('stays exact over so many half-lives that weights would overflow, and whatever times events have', () => {
    const { stored, ratios, bus } = setup({ halfLife: 1 });
    for (let second = 0; second < 3000; second++) stored(['a'], second);
    for (const second of [Number.NaN, Number.POSITIVE_INFINITY, -1]) stored(['a'], second);
    expect(ratios()[2]).toBeCloseTo(1, 12);
    expect(bus.failures.size).toBe(0);
  });
});

describe('a clear or a reset', () => {
  it('makes a miss of the next reference at every capacity, and keeps what was counted', () => {
    const { bus, source, stored, ratios, recorder } = setup();
    stored(['a', 'b']);
    stored(['a']);
    bus.publish('tier.cleared', { time: 0, source, tier: 'l0' });
    expect(recorder.sum(UNTRACKED)).toBe(0);
    bus.publish('tier.cleared', { time: 0, source, tier: 'l1' });
    expect(recorder.sum(UNTRACKED, { 'kv_cache.untracked.reason': 'reset' })).toBe(2);
    stored(['a']);
    bus.publish('source.reset', { time: 0, source });
    expect(recorder.sum(UNTRACKED)).toBe(3);
    expect(ratios()[5]).toBe(1 / 4);
  });
});

describe('the state', () => {
  it('is bounded in blocks: what is dropped is counted, and the curve tells of how many it is', () => {
    const curves: ReuseCurve[] = [];
    const { stored, recorder } = setup({ maxBlocks: 64, onCurve: (curve) => curves.push(curve) });
    stored(Array.from({ length: 1000 }, (_, key) => key));
    recorder.observed(RATIO);
    const [{ references, sampledBlocks, rate }] = curves as [ReuseCurve];
    expect(references).toBe(1000);
    expect(rate).toBeLessThan(0.1);
    // Of what entered the sample, the part that is not there any more was dropped.
    expect(recorder.sum(UNTRACKED, { 'kv_cache.untracked.reason': 'limit' })).toBeGreaterThan(50);
    expect(sampledBlocks).toBeLessThanOrEqual(64);
  });

  it('is bounded in sources: the blocks of further ones are counted, until one is closed', () => {
    const { bus, recorder, stored } = setup();
    const sources = Array.from({ length: 17 }, (_, i) =>
      createSource({ ...occupied(4), attributes: { i } }, bus),
    );
    for (const source of sources) stored(['a', 'b'], 0, source);
    expect(recorder.sum(UNTRACKED)).toBe(2);
    expect(recorder.observed(RATIO)).toHaveLength(16 * 6);
    sources[0]?.close();
    recorder.observed(RATIO);
    stored(['a'], 0, sources[16]);
    expect(recorder.sum(UNTRACKED)).toBe(2);
    expect(recorder.observed(RATIO)).toHaveLength(16 * 6);
  });

  it('raises a rate that was lowered before the capacity was known, once it pays', () => {
    const curves: ReuseCurve[] = [];
    const { stored, recorder } = setup({ maxBlocks: 64, onCurve: (curve) => curves.push(curve) });
    const collect = () => recorder.observed(RATIO);
    stored(Array.from({ length: 10_000 }, (_, key) => key));
    collect();
    // 8 x 4 blocks deep: 32 blocks do for an exact curve, once so many have passed.
    stored(Array.from({ length: 100 }, (_, key) => 20_000 + key));
    collect();
    expect(curves[0]?.rate).toBeLessThan(0.01);
    expect(curves[1]).toMatchObject({ rate: 1, sampledBlocks: 32, references: 10_100 });
  });
});

describe('options', () => {
  it.each<[unknown, RegExp]>([
    [{ sampleRate: 0 }, /^reuse\.sampleRate is 0; allowed: above 0 and at most 1/],
    [{ maxBlocks: 63 }, /^reuse\.maxBlocks is 63; allowed: a whole number from 64 to 4194304/],
    [{ halfLife: 0 }, /^reuse\.halfLife is 0; allowed: a number from 1 to Infinity/],
    [{ onCurve: true }, /^reuse\.onCurve is true; allowed: a function/],
    [{ window: 60 }, /^field of reuse is 'window'; allowed: sampleRate, /],
  ])('%o is refused', (options, message) => {
    expect(() => reuse.validate?.(options as ReuseOptions)).toThrow(message);
    expect(() => setup(options as ReuseOptions)).toThrow(message);
  });

  it('a callback that throws is counted, and hides no value', () => {
    const { bus, stored, ratios } = setup({
      onCurve: () => {
        throw new Error('no');
      },
    });
    stored(['a']);
    expect(ratios()).toHaveLength(6);
    expect(bus.failures.get('reuse')).toBe(1);
  });
});
