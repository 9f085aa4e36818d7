import type { LayerLoaded, LayerWaited } from '@kvscope/core';
import { ScriptedClock } from '@kvscope/core/testing';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../src/index.ts';
import type { EventLog } from './event-log.ts';
import { scriptedFiles, scriptedPause } from './scripted-files.ts';
import { BLOCK, BLOCK_BYTES, blockFiles, contentOf, persist, put, resident, setup } from './setup.ts';

const LAYER_BYTES = BLOCK_BYTES / BLOCK.layers;
const layerOf = (key: number, layer: number) =>
  contentOf(key).subarray(layer * LAYER_BYTES, (layer + 1) * LAYER_BYTES);
const save = (batch: Batch, keys: readonly number[], layer: number) => {
  for (const key of keys) layerOf(key, layer).copy(batch.layerBytes(key, layer));
  batch.saveLayer(layer);
};

describe('a batch', () => {
  it('loads and saves layer by layer, one ahead, and leaves whole blocks in every tier', async () => {
    const { store, log, directory } = await setup();
    await persist(store, [1, 2]);
    await store.evict([1, 2], ['l0', 'l1']);
    log.clear();
    const batch = await store.startBatch({ batch: 'b', load: [1, 2], save: [2, 3], requests: 2 });
    for (let layer = 0; layer < BLOCK.layers; layer++) {
      await batch.waitLayer(layer);
      for (const key of [1, 2]) expect(batch.layerBytes(key, layer).equals(layerOf(key, layer))).toBe(true);
      expect(log.of('layer.submitted').filter(({ operation }) => operation === 'load')).toHaveLength(
        Math.min(layer + 2, BLOCK.layers),
      );
      save(batch, [3], layer);
    }
    await batch.finishBatch();
    await batch.finishBatch();
    expect(new Set(log.blocks)).toEqual(
      new Set([
        'stored l0 computed: 3',
        'stored l1 onboarded: 1 2',
        'accessed l2 request: 1 2',
        'stored l0 onboarded: 1 2',
        'accessed l0 internal: 3',
        'stored l1 offloaded: 3',
        'released l0 : 1 2 3',
      ]),
    );
    expect(log.of('layer.submitted')[0]).toMatchObject({
      batch: 'b',
      layer: 0,
      first: true,
      operation: 'load',
      requests: 2,
    });
    expect(log.of('layer.loaded').map(({ layer, first }) => [layer, first])).toEqual([
      [0, true],
      [1, false],
      [2, false],
    ]);
    expect(
      log.of('layer.waited').map(({ operation, layer, tasks }) => `${operation} ${layer} ${tasks}`),
    ).toEqual(['load 0 1', 'load 1 1', 'load 2 1', 'save 0 1', 'save 1 1', 'save 2 1']);
    expect(log.of('batch.finished')).toMatchObject([{ batch: 'b', saveTailStartTime: expect.any(Number) }]);
    const tasks = log.of('task.finished');
    expect(tasks).toHaveLength(6);
    expect(tasks.reduce((sum, { blocks }) => sum + blocks, 0)).toBe(3);
    expect(tasks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(3 * BLOCK_BYTES);
    await store.drain();
    expect(resident(store)).toEqual({ l0: 3, l1: 3, l2: 3 });
    expect(await blockFiles(directory)).toHaveLength(3);
    await store.load([3]);
    expect(store.bytes(3).equals(contentOf(3))).toBe(true);
  });

  it('without loads or without saves publishes none of their events', async () => {
    const { store, log } = await setup();
    const batch = await store.startBatch({ save: [] });
    await batch.waitLayer(0);
    batch.saveLayer(0);
    await batch.finishBatch();
    expect(log.all.map(({ type }) => type)).toEqual(['batch.finished']);
    expect(log.of('batch.finished')[0]?.saveTailStartTime).toBeUndefined();
  });

  it('that saves a block which another computes writes into its own copy', async () => {
    const { store } = await setup();
    const first = await store.startBatch({ save: [1] });
    const second = await store.startBatch({ save: [1] });
    await expect(store.load([1])).rejects.toMatchObject({ errorType: 'not_found' });
    for (let layer = 0; layer < BLOCK.layers; layer++) {
      save(first, [1], layer);
      second.layerBytes(1, layer).fill(0);
      second.saveLayer(layer);
    }
    await Promise.all([first.finishBatch(), second.finishBatch()]);
    await store.load([1]);
    expect(store.bytes(1).equals(contentOf(1))).toBe(true);
    expect(resident(store)).toMatchObject({ l0: 1, l1: 1 });
  });

  it('that is left half way leaves nothing half behind', async () => {
    const { store } = await setup();
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    const batch = await store.startBatch({ load: [1], save: [2] });
    await batch.waitLayer(0);
    save(batch, [2], 0);
    await batch.finishBatch();
    expect(resident(store)).toEqual({ l0: 0, l1: 0, l2: 1 });
    put(store, [10, 11, 12, 13, 14, 15, 16, 17]);
    await expect(batch.waitLayer(1)).rejects.toMatchObject({ errorType: 'aborted' });
    expect(() => batch.layerBytes(1, 0)).toThrow(/is finished/);
  });

  it('tells of a layer that failed, once, and goes on', async () => {
    const { store, log, files } = await setup();
    await persist(store, [1]);
    await store.evict([1], ['l0', 'l1']);
    log.clear();
    files.failNext('read', 'EIO');
    const batch = await store.startBatch({ load: [1] });
    await expect(batch.waitLayer(0)).rejects.toMatchObject({ errorType: 'io_error' });
    await expect(batch.waitLayer(0)).rejects.toMatchObject({ errorType: 'io_error' });
    await batch.finishBatch();
    expect(log.of('layer.loaded')).toEqual([]);
    expect(log.of('layer.waited')).toHaveLength(1);
    expect(log.of('task.finished')).toMatchObject([{ errorType: 'io_error' }]);
    const again = await store.startBatch({ load: [1] });
    for (let layer = 0; layer < BLOCK.layers; layer++) await again.waitLayer(layer);
    await again.finishBatch();
    await store.load([1]);
    expect(store.bytes(1).equals(contentOf(1))).toBe(true);
  });

  it('is refused where there is no place for it, and waits for L1 with nothing in hand', async () => {
    const { store } = await setup({ l0Blocks: 8, l1Blocks: 2, maxBatches: 2 });
    await expect(store.startBatch({ load: [1] })).rejects.toMatchObject({ errorType: 'not_found' });
    await expect(store.startBatch({ save: [1, 2, 3] })).rejects.toMatchObject({ errorType: 'no_space' });
    const first = await store.startBatch({ save: [1, 2] });
    const second = store.startBatch({ save: [3, 4] });
    await expect(store.startBatch({})).rejects.toMatchObject({ errorType: 'queue_full' });
    await first.finishBatch();
    await (await second).finishBatch();
    expect(resident(store)).toEqual({ l0: 0, l1: 0, l2: 0 });
  });

  it('does not queue behind tasks that wait for its slots', async () => {
    const { store } = await setup({ l1Blocks: 2, maxRunningTasks: 1 });
    await persist(store, [1]);
    await persist(store, [2]);
    await persist(store, [3]);
    await store.evict([1, 2, 3], ['l0', 'l1']);
    const batch = await store.startBatch({ load: [1, 2] });
    const waiting = store.load([3]);
    for (let layer = 0; layer < BLOCK.layers; layer++) await batch.waitLayer(layer);
    await batch.finishBatch();
    await waiting;
    expect(store.bytes(3).equals(contentOf(3))).toBe(true);
  });

  it('is finished when the store closes', async () => {
    const { store, log } = await setup();
    const batch = await store.startBatch({ save: [1] });
    save(batch, [1], 0);
    await store.close();
    expect(log.of('batch.finished')).toHaveLength(1);
    expect(() => batch.saveLayer(1)).toThrow(/is finished/);
  });

  it('refuses a layer or key that it has not', async () => {
    const { store } = await setup();
    const batch = await store.startBatch({ save: [1] });
    expect(() => batch.saveLayer(3)).toThrow(/layer is 3; allowed: a whole number from 0 to 2/);
    expect(() => batch.layerBytes(9, 0)).toThrow(/key is 9/);
    batch.saveLayer(0);
    expect(() => batch.saveLayer(0)).toThrow(/layer is 0; allowed: layers that were not saved yet/);
  });
});

describe('overlap', () => {
  const LOAD_MS = 12;
  const LAYERS = 8;

  /** One batch on a clock that moves in steps of 0.25 ms: each read of a layer takes 12 ms, compute what is said. */
  async function runBatch(computeMs: number) {
    const clock = new ScriptedClock(1_700_000_000_000);
    const files = scriptedFiles(clock, LOAD_MS);
    const block = { layers: LAYERS, shards: 1, shardBytes: 64 };
    const { store, log } = await setup({ clock, files, block });
    await persist(store, [1, 2, 3, 4]);
    await store.evict([1, 2, 3, 4], ['l0', 'l1']);
    log.clear();
    let over = false;
    const pass = (async () => {
      const batch = await store.startBatch({ load: [1, 2, 3, 4] });
      for (let layer = 0; layer < LAYERS; layer++) {
        await batch.waitLayer(layer);
        await scriptedPause(clock, computeMs);
      }
      await batch.finishBatch();
      over = true;
    })();
    while (!over) {
      await new Promise(setImmediate);
      clock.advance(0.25);
    }
    await pass;
    return log;
  }

  function figures(log: EventLog) {
    const sum = (events: readonly (LayerLoaded | LayerWaited)[], first: boolean) =>
      events.reduce((total, event) => total + (event.first === first ? event.time - event.startTime : 0), 0);
    const [loaded, waited] = [log.of('layer.loaded'), log.of('layer.waited')];
    expect([loaded.length, waited.length]).toEqual([LAYERS, LAYERS]);
    return {
      firstLoad: sum(loaded, true),
      firstWait: sum(waited, true),
      restLoad: sum(loaded, false) / (LAYERS - 1),
      overlap: 1 - sum(waited, false) / sum(loaded, false),
    };
  }

  it('of the rest is whole where compute takes longer than a load; the first layer waits in full', async () => {
    const { firstLoad, firstWait, restLoad, overlap } = figures(await runBatch(20));
    expect(overlap).toBeGreaterThan(0.9);
    for (const ms of [firstLoad, firstWait, restLoad]) expect(Math.abs(ms - LOAD_MS)).toBeLessThan(1);
  });

  it('of the rest is half where compute takes half as long as a load', async () => {
    expect(figures(await runBatch(6)).overlap).toBeCloseTo(0.5, 1);
  });

  it('of the rest is next to none where compute is far below', async () => {
    const { restLoad, overlap } = figures(await runBatch(0.25));
    expect(overlap).toBeLessThan(0.1);
    expect(overlap).toBeGreaterThanOrEqual(0);
    expect(Math.abs(restLoad - LOAD_MS)).toBeLessThan(1);
  });
});
