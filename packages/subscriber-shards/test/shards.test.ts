import { createBus, createSampler, createSource, type Occupancy, startSubscriber } from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import { shards } from '../src/index.ts';

function setup(occupancy?: () => Occupancy) {
  const bus = createBus();
  const recorder = new MemoryRecorder();
  const running = startSubscriber(shards, {
    bus,
    recorder,
    clock: new ScriptedClock(),
    sampler: createSampler(1e-9),
  });
  const source = createSource(occupancy && { occupancy }, bus);
  return { bus, recorder, running, source, at: { time: 1, source } };
}

describe('counters', () => {
  it('adds the number of keys by tier and word, whatever the sample rate', () => {
    const { bus, recorder, at } = setup();
    bus.publish('block.stored', { ...at, tier: 'l0', keys: [1, 2, 3], cause: 'computed' });
    bus.publish('block.stored', { ...at, tier: 'l0', keys: [4], cause: 'onboarded' });
    bus.publish('block.accessed', { ...at, tier: 'l1', keys: [1, 2], by: 'request' });
    bus.publish('block.accessed', { ...at, tier: 'l1', keys: [1], by: 'internal' });
    bus.publish('block.evicted', { ...at, tier: 'l2', keys: ['a', 2n], reason: 'expired' });
    expect(recorder.measurements).toEqual([
      {
        name: 'kv_cache.stores',
        value: 3,
        attributes: { 'kv_cache.tier': 'l0', 'kv_cache.store.cause': 'computed' },
      },
      {
        name: 'kv_cache.stores',
        value: 1,
        attributes: { 'kv_cache.tier': 'l0', 'kv_cache.store.cause': 'onboarded' },
      },
      {
        name: 'kv_cache.accesses',
        value: 2,
        attributes: { 'kv_cache.tier': 'l1', 'kv_cache.access.by': 'request' },
      },
      {
        name: 'kv_cache.accesses',
        value: 1,
        attributes: { 'kv_cache.tier': 'l1', 'kv_cache.access.by': 'internal' },
      },
      {
        name: 'kv_cache.evictions',
        value: 2,
        attributes: { 'kv_cache.tier': 'l2', 'kv_cache.eviction.reason': 'expired' },
      },
    ]);
  });

  it('counts the blocks of a clear when the producer tells how many and where', () => {
    const { bus, recorder, at } = setup();
    bus.publish('tier.cleared', { ...at, tier: 'l1', blocks: 7 });
    bus.publish('tier.cleared', { ...at, tier: 'l1' });
    bus.publish('tier.cleared', { ...at, blocks: 5 });
    expect(recorder.values('kv_cache.evictions')).toEqual([7]);
  });

  it('attributes a descending lookup of 10 blocks to the tiers that were asked', () => {
    const { bus, recorder, at } = setup();
    const ask = (tier: 'l0' | 'l1' | 'l2', blocks: number, hits: number) =>
      bus.publish('lookup.finished', { ...at, startTime: 0, tier, blocks, hits });
    ask('l0', 10, 2);
    ask('l1', 8, 3);
    ask('l2', 5, 1);
    const figure = (tier: string, result: string) =>
      recorder.sum('kv_cache.lookup.blocks', { 'kv_cache.tier': tier, 'kv_cache.lookup.result': result });
    expect(['l0', 'l1', 'l2'].map((tier) => [figure(tier, 'hit'), figure(tier, 'miss')])).toEqual([
      [2, 8],
      [3, 5],
      [1, 4],
    ]);
    expect(figure('l0', 'hit') + figure('l1', 'hit') + figure('l2', 'hit') + figure('l2', 'miss')).toBe(10);
  });

  it('puts the attributes of the source on each measurement', () => {
    const { bus, recorder } = setup();
    const source = createSource({ attributes: { 'cache.name': 'a' } }, bus);
    bus.publish('block.stored', { time: 1, source, tier: 'l0', keys: [1], cause: 'computed' });
    expect(recorder.sum('kv_cache.stores', { 'cache.name': 'a', 'kv_cache.tier': 'l0' })).toBe(1);
  });

  it('counts an event with a word outside the closed sets as a failure of its own', () => {
    const { bus, recorder, at } = setup();
    bus.publish('block.stored', { ...at, tier: 'gpu' as 'l0', keys: [1], cause: 'computed' });
    bus.publish('block.stored', { ...at, tier: 'l0', keys: [1], cause: 'computed' });
    expect(bus.failures.get('shards')).toBe(1);
    expect(recorder.values('kv_cache.stores')).toEqual([1]);
  });
});

describe('occupancy', () => {
  const held = { tier: 'l1', capacity: 100, evictable: 60, pinned: 10, unknown: 5 } as const;

  it('is asked only when metrics are collected', () => {
    let asked = 0;
    const { bus, recorder, at } = setup(() => {
      asked++;
      return { tiers: [{ ...held, blockBytes: 65_536, blockTokens: 16 }] };
    });
    bus.publish('block.stored', { ...at, tier: 'l1', keys: [1], cause: 'computed' });
    expect(asked).toBe(0);
    expect(recorder.observed('kv_cache.block.usage')).toEqual([60, 10, 5]);
    expect(asked).toBe(1);
    expect(recorder.observed('kv_cache.block.limit', { 'kv_cache.tier': 'l1' })).toEqual([100]);
    expect(recorder.observed('kv_cache.block.size')).toEqual([65_536]);
    expect(recorder.observed('kv_cache.block.tokens')).toEqual([16]);
  });

  it('says nothing of a size that the source does not know', () => {
    const { recorder } = setup(() => ({ tiers: [held] }));
    expect(recorder.observed('kv_cache.block.size')).toEqual([]);
  });

  it('counts a source that fails or answers nonsense, and still shows the others', () => {
    const { bus, recorder } = setup(() => {
      throw new Error('no answer');
    });
    createSource({ occupancy: () => ({ tiers: [{ ...held, capacity: Number.NaN }] }) }, bus);
    createSource({ occupancy: () => ({ tiers: [held] }) }, bus);
    expect(recorder.observed('kv_cache.block.limit')).toEqual([100]);
    expect(bus.failures.get('shards')).toBe(2);
  });

  it('asks no more once the source is closed', () => {
    const { recorder, source } = setup(() => ({ tiers: [held] }));
    source.close();
    source.close();
    expect(recorder.observed('kv_cache.block.limit')).toEqual([]);
  });
});
