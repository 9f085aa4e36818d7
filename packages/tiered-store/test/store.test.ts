import { mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createBus } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import {
  BLOCK,
  BLOCK_BYTES,
  blockFiles,
  contentOf,
  FILE_BYTES,
  persist,
  put,
  resident,
  setup,
  temporaryDirectory,
} from './setup.ts';

describe('blocks', () => {
  it('go down to files and come back with their bytes, through every tier', async () => {
    const { store, log, directory } = await setup();
    const keys = [7, 7n, '7', 'Ab/%', -1.5];
    await persist(store, keys);
    expect(resident(store)).toEqual({ l0: 5, l1: 5, l2: 5 });
    expect(await store.evict(keys, ['l0', 'l1'])).toEqual({ l0: 5, l1: 5, l2: 0 });
    log.clear();
    const summary = await store.load(keys);
    expect(summary).toEqual({
      shards: { cache: 0, backend: 30, shared: 0, skipped: 0 },
      blocks: 5,
      bytes: 5 * BLOCK_BYTES,
    });
    for (const key of keys) expect(store.bytes(key).equals(contentOf(key))).toBe(true);
    expect(log.blocks).toEqual([
      'stored l1 onboarded: 7 7 7 Ab/% -1.5',
      'accessed l2 request: 7 7 7 Ab/% -1.5',
      'stored l0 onboarded: 7 7 7 Ab/% -1.5',
    ]);
    expect(await blockFiles(directory)).toHaveLength(5);
  });

  it('have as many bytes in io events as in files, written and read', async () => {
    const { store, log, directory } = await setup();
    await persist(store, [1, 2, 3]);
    const bytesOf = (direction: string) =>
      log.of('io.finished').reduce((sum, io) => sum + (io.direction === direction ? io.bytes : 0), 0);
    const inFiles = (await blockFiles(directory)).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(inFiles).toBe(3 * FILE_BYTES);
    expect(bytesOf('write')).toBe(inFiles);
    await store.evict([1, 2, 3], ['l0', 'l1']);
    await store.load([1, 2, 3]);
    expect(bytesOf('read')).toBe(inFiles);
  });

  it('leave each tier least recently used first, when nothing pins them', async () => {
    const { store, log } = await setup({ l0Blocks: 3, l1Blocks: 2, l2Blocks: 3 });
    for (const key of [1, 2, 3]) await persist(store, [key]);
    await store.load([1]);
    log.clear();
    put(store, [4, 5]);
    expect(log.blocks).toEqual(['evicted l0 capacity: 2 3', 'stored l0 computed: 4 5']);
    expect(() => put(store, [6])).toThrow(/1 blocks to put into l0, which has room for 0/);
    store.release([1, 4, 5]);
    log.clear();
    await persist(store, [6]);
    // 1 was in L0 when it was loaded: no lower tier was asked for it.
    expect(log.blocks.filter((line) => line.startsWith('evicted'))).toEqual([
      'evicted l0 capacity: 1',
      'evicted l1 capacity: 2',
      'evicted l2 capacity: 1',
    ]);
    expect(resident(store)).toEqual({ l0: 3, l1: 2, l2: 3 });
  });

  it('are there again when the directory is opened again, and told as stored', async () => {
    const directory = await temporaryDirectory();
    const first = await setup({ directory });
    await persist(first.store, [1, 2n, 'three']);
    await first.store.close();
    const { store, log } = await setup({ directory });
    expect(log.of('block.stored')).toMatchObject([{ tier: 'l2', cause: 'unknown', keys: expect.any(Array) }]);
    expect(store.lookup(['three', 2n, 1]).hitsByTier).toEqual({ l0: 0, l1: 0, l2: 3 });
    await store.load([1, 2n, 'three']);
    expect(store.bytes('three').equals(contentOf('three'))).toBe(true);
  });

  it('are released once nobody holds them, and only as often as they were taken', async () => {
    const { store, log } = await setup();
    put(store, [1, 2]);
    await store.load([1]);
    log.clear();
    store.release([1, 2]);
    expect(log.blocks).toEqual(['released l0 : 2']);
    store.release([1]);
    expect(log.blocks).toEqual(['released l0 : 2', 'released l0 : 1']);
    expect(() => store.release([1])).toThrow(/key is 1; allowed: keys that were put or loaded/);
    expect(() => store.bytes(1)).toThrow(/key is 1/);
  });
});

describe('lookup', () => {
  async function threeTiers() {
    const fixture = await setup();
    const { store, log } = fixture;
    // L0 has 0 and 1, L1 also 2 to 4, L2 also 5.
    await persist(store, [0, 1, 2, 3, 4, 5]);
    await store.evict([5], ['l1']);
    await store.evict([2, 3, 4, 5], ['l0']);
    log.clear();
    return fixture;
  }
  const blocksAndHits = (events: readonly { tier: string; blocks: number; hits: number }[]) =>
    events.map(({ tier, blocks, hits }) => [tier, blocks, hits]);

  it('asks each tier for what the one above it has not', async () => {
    const { store, log } = await threeTiers();
    const keys = [9, 5, 4, 3, 2, 1, 0, 8, 7, 6];
    const result = store.lookup(keys, { prefix: false });
    expect(result).toMatchObject({ asked: 10, hits: 6, hitsByTier: { l0: 2, l1: 3, l2: 1 } });
    expect(blocksAndHits(log.of('lookup.finished'))).toEqual([
      ['l0', 10, 2],
      ['l1', 8, 3],
      ['l2', 5, 1],
    ]);
  });

  it('ends a prefix at the first block that no tier holds; the rest are misses', async () => {
    const { store, log } = await threeTiers();
    expect(store.lookup([0, 2, 5, 9, 1, 3])).toMatchObject({ asked: 6, hits: 3, keys: [0, 2, 5] });
    expect(blocksAndHits(log.of('lookup.finished'))).toEqual([
      ['l0', 6, 1],
      ['l1', 5, 1],
      ['l2', 4, 1],
    ]);
  });

  it('asks no tier for nothing, and publishes a retry not again', async () => {
    const { store, log } = await threeTiers();
    store.lookup([]);
    store.lookup([0, 0], { retry: true });
    expect(log.all).toEqual([]);
    store.lookup([0, 0, 1]);
    expect(blocksAndHits(log.of('lookup.finished'))).toEqual([['l0', 2, 2]]);
  });
});

describe('clear and close', () => {
  it('empties tiers with one event each, and not while something is pinned', async () => {
    const { store, log, directory } = await setup();
    await persist(store, [1, 2, 3]);
    await store.load([1]);
    await expect(store.clear()).rejects.toThrow(/1 blocks of l0 are pinned/);
    store.release([1]);
    log.clear();
    expect(await store.clear()).toEqual({ l0: 3, l1: 3, l2: 3 });
    expect(log.all.map(({ type, event }) => [type, 'blocks' in event && event.blocks])).toEqual([
      ['tier.cleared', 3],
      ['tier.cleared', 3],
      ['tier.cleared', 3],
    ]);
    expect(await blockFiles(directory)).toEqual([]);
    expect(resident(store)).toEqual({ l0: 0, l1: 0, l2: 0 });
  });

  it('writes what was dumped before it closes, and refuses what comes after', async () => {
    const { store, bus, directory } = await setup();
    put(store, [1, 2]);
    await store.dump([1, 2]);
    await Promise.all([store.close(), store.close()]);
    expect(await blockFiles(directory)).toHaveLength(2);
    expect(bus.sources.size).toBe(0);
    expect(() => store.lookup([1])).toThrow('the store is closed');
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'aborted' });
  });
});

describe('a lock that cannot be removed', () => {
  it('is told when the store closes, which it does all the same', async () => {
    const directory = await temporaryDirectory();
    const bus = createBus();
    const sizes = { l0Blocks: 1, l1Blocks: 1, l2Blocks: 1 };
    const store = await openStore({ directory, block: BLOCK, ...sizes, bus });
    // What a read-only file system does not need: a directory resists as well.
    await unlink(join(directory, 'lock'));
    await mkdir(join(directory, 'lock'));
    await expect(store.close()).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringMatching(/^close: .*lock/),
    });
    expect(bus.sources.size).toBe(0);
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'aborted' });
  });
});

describe('options', () => {
  const sizes = { l0Blocks: 1, l1Blocks: 1, l2Blocks: 1, bus: createBus() };
  it.each([
    [{ l0Blocks: 0 }, /l0Blocks is 0; allowed: a whole number from 1/],
    [
      { l1Blocks: 16_000_000, block: { layers: 1000, shardBytes: 1_000_000 } },
      /l1Blocks is 16000000; allowed: at most/,
    ],
    [{ block: { layers: 0, shardBytes: 1 } }, /block.layers is 0/],
    [{ block: { layers: 1024, shards: 256, shardBytes: 2 ** 28 } }, /block is '1024 x 256 x 268435456 B'/],
    [{ directory: '' }, /directory is ''/],
    [{ maxRunningTasks: 0 }, /maxRunningTasks is 0/],
    [{ roomTimeoutMs: 0 }, /roomTimeoutMs is 0/],
    [{ blockTokens: 0.5 }, /blockTokens is 0.5/],
    [{ delays: { copyMs: -1 } }, /delays.copyMs is -1; allowed: a number from 0 to 60000/],
  ])('%o is refused by name, value and range', async (options, message) => {
    const directory = await temporaryDirectory();
    await expect(openStore({ directory, block: BLOCK, ...sizes, ...options })).rejects.toThrow(message);
  });

  it('refuses a key that no file can be named after', async () => {
    const { store } = await setup();
    expect(() => put(store, ['K'.repeat(60)])).toThrow(/at most 240 characters/);
    put(store, ['0x'.padEnd(130, 'f')]);
  });
});
