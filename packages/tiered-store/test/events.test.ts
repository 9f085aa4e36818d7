import { TIERS } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { put, setup } from './setup.ts';

describe('events', () => {
  it('wait for 2,048 of them, in the order in which they happened', async () => {
    const { store, bus } = await setup();
    const told: number[] = [];
    bus.subscribe('lookup.finished', 'test', ({ blocks }) => void told.push(blocks));
    // A lookup of what is nowhere asks every tier: 682 of them are 2,046 events, and each has its own number of blocks.
    const asked = Array.from({ length: 682 }, (_, i) => i + 1);
    for (const blocks of asked) store.lookup(Array.from({ length: blocks }, (_, key) => key));
    expect(told).toEqual([]);
    store.lookup([1]);
    expect(told).toEqual([...asked.flatMap((blocks) => TIERS.map(() => blocks)), 1, 1]);
    store.occupancy();
    expect(told.slice(2046)).toEqual([1, 1, 1]);
  });

  it('wait no longer than 250 ms', async () => {
    const { store, bus } = await setup();
    for (const key of [1, 2]) {
      const told = new Promise((resolve) => bus.subscribe('block.stored', 'test', resolve));
      put(store, [key]);
      expect(await told).toMatchObject({ tier: 'l0', keys: [key], cause: 'computed' });
    }
  });

  it('of what a handler does come after those that happened before', async () => {
    const { store, bus } = await setup();
    const told: number[] = [];
    bus.subscribe('lookup.finished', 'test', ({ blocks, tier }) => {
      told.push(blocks);
      if (blocks === 1 && tier === 'l0') store.lookup([1, 2, 3]);
      if (blocks === 3) store.occupancy();
    });
    store.lookup([1]);
    store.lookup([1, 2]);
    store.occupancy();
    expect(told).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });
});
