import type { BlockKey, Tier } from '@kvscope/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { StoreError, type TaskSummary, type TieredStore } from '../src/index.ts';
import type { Ledger } from './conservation.ts';
import type { Fault, FaultyFiles } from './faulty-files.ts';
import { BLOCK, contentOf, put, resident } from './setup.ts';

/** What the test knows without asking the store: who holds which pins. */
export interface Held {
  readonly pins: Map<BlockKey, number>;
}

export interface Real {
  readonly store: TieredStore;
  readonly files: FaultyFiles;
  readonly ledger: Ledger;
}

const KEYS: readonly BlockKey[] = [1, 2, 3, 4n, 5n, -6n, 'seven', 'Eight', '0x9', 1n, '1', 12];
const keys = fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 5 });

class Operation implements fc.AsyncCommand<Held, Real> {
  readonly #name: string;
  readonly #run: (held: Held, real: Real) => Promise<void> | void;

  constructor(name: string, run: (held: Held, real: Real) => Promise<void> | void) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(held: Held, real: Real): Promise<void> {
    await this.#run(held, real);
    expect(real.ledger.broken).toEqual([]);
    // Asking for the occupancy makes the store tell what it has not told yet.
    const occupied = resident(real.store);
    for (const { evictable, pinned, capacity } of real.store.occupancy().tiers) {
      expect(evictable + pinned).toBeLessThanOrEqual(capacity as number);
    }
    const { l0, l1, l2 } = real.ledger.tiers;
    expect(occupied).toEqual({ l0: l0.size, l1: l1.size, l2: l2.size });
  }

  toString(): string {
    return this.#name;
  }
}

const named = (name: string, some: readonly unknown[]) => `${name}(${some.map(String)})`;

/** A failure with a reason is part of life here; anything else is a bug. */
async function tolerated<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError && error.errorType !== '_OTHER') return undefined;
    throw error;
  }
}

function expectContent(store: TieredStore, some: readonly BlockKey[]): void {
  for (const key of some) expect(store.bytes(key).equals(contentOf(key)), `content of ${key}`).toBe(true);
}

function hold({ pins }: Held, some: readonly BlockKey[]): void {
  for (const key of some) pins.set(key, (pins.get(key) ?? 0) + 1);
}

async function loadAndCheck(held: Held, { store }: Real, some: readonly BlockKey[]): Promise<void> {
  const summary: TaskSummary | undefined = await tolerated(store.load(some));
  if (summary === undefined) return;
  hold(held, some);
  expectContent(store, some);
  const { cache, backend, shared, skipped } = summary.shards;
  expect(cache + backend + shared + skipped).toBe(some.length * BLOCK.layers * BLOCK.shards);
}

async function runBatch(
  { store }: Real,
  load: readonly BlockKey[],
  save: readonly BlockKey[],
  order: readonly number[],
) {
  const batch = await tolerated(store.startBatch({ load, save }));
  if (batch === undefined) return;
  const saves = save.filter((key) => !load.includes(key));
  const size = store.geometry.layerBytes;
  for (const layer of order) {
    const loaded = await tolerated(batch.waitLayer(layer).then(() => true));
    if (loaded !== true) break;
    const contentAt = (key: BlockKey) => contentOf(key).subarray(layer * size, (layer + 1) * size);
    for (const key of load) expect(batch.layerBytes(key, layer).equals(contentAt(key))).toBe(true);
    for (const key of saves) contentAt(key).copy(batch.layerBytes(key, layer));
    batch.saveLayer(layer);
  }
  await tolerated(batch.finishBatch());
}

const inOrder = Array.from({ length: BLOCK.layers }, (_, layer) => layer);
/** Mostly all of them in order, as a forward pass has them; sometimes fewer, or in another order. */
const layerOrder = fc.oneof(
  { weight: 2, arbitrary: fc.constant(inOrder) },
  { weight: 1, arbitrary: fc.shuffledSubarray(inOrder) },
);

const plain = {
  put: keys.map((some) => ({
    name: named('put', some),
    run: async (held: Held, { store }: Real) => {
      const done = await tolerated(
        Promise.resolve()
          .then(() => put(store, some))
          .then(() => true),
      );
      if (done) hold(held, some);
    },
  })),
  load: keys.map((some) => ({
    name: named('load', some),
    run: (held: Held, real: Real) => loadAndCheck(held, real, some),
  })),
  dump: keys.map((some) => ({
    name: named('dump', some),
    run: async (_: Held, { store }: Real) => void (await tolerated(store.dump(some))),
  })),
  batch: fc.tuple(keys, keys, layerOrder).map(([load, save, order]) => ({
    name: `batch(load ${load}, save ${save}, layers ${order})`,
    run: (_: Held, real: Real) => runBatch(real, load, save, order),
  })),
  /** What a gateway does: computes blocks, gives them to the store, and is done with them. */
  persist: keys.map((some) => ({
    name: named('persist', some),
    run: async (_: Held, { store }: Real) => {
      const done = await tolerated(
        Promise.resolve()
          .then(() => put(store, some))
          .then(() => true),
      );
      if (!done) return;
      await tolerated(store.dump(some));
      expectContent(store, some);
      store.release(some);
    },
  })),
  /** And what it does with them later: asks for them, loads what is there, reads it, lets go. */
  use: keys.map((some) => ({
    name: named('use', some),
    run: async (_: Held, { store }: Real) => {
      const found = store.lookup(some, { prefix: false }).keys;
      if ((await tolerated(store.load(found))) === undefined) return;
      expectContent(store, found);
      store.release(found);
    },
  })),
  release: fc.constant({
    name: 'release all',
    run: ({ pins }: Held, { store }: Real) => {
      while (pins.size > 0) {
        store.release([...pins.keys()]);
        for (const [key, count] of pins) count > 1 ? pins.set(key, count - 1) : pins.delete(key);
      }
    },
  }),
  evict: fc.tuple(keys, fc.subarray<Tier>(['l0', 'l1', 'l2'])).map(([some, tiers]) => ({
    name: `${named('evict', some)} from ${tiers}`,
    run: async (_: Held, { store }: Real) => void (await tolerated(store.evict(some, tiers))),
  })),
  lookup: fc.tuple(keys, fc.boolean()).map(([some, prefix]) => ({
    name: named('lookup', some),
    run: (_: Held, { store }: Real) => {
      const { asked, hits, hitsByTier } = store.lookup(some, { prefix });
      expect(asked).toBe(some.length);
      expect(hitsByTier.l0 + hitsByTier.l1 + hitsByTier.l2).toBe(hits);
    },
  })),
};

const fault = fc
  .constantFrom<readonly ['read' | 'write' | 'rename' | 'remove', Fault]>(
    ['read', 'EIO'],
    ['read', 'ENOENT'],
    ['read', 'short'],
    ['read', 'flip'],
    ['write', 'ENOSPC'],
    ['write', 'EACCES'],
    ['rename', 'EIO'],
    ['remove', 'EACCES'],
  )
  .map(
    ([call, kind]) => new Operation(`fault(${call} ${kind})`, (_, { files }) => files.failNext(call, kind)),
  );

const working = fc.oneof(plain.persist, plain.use);
const operations = fc.oneof(
  { weight: 6, arbitrary: working },
  {
    weight: 4,
    arbitrary: fc.oneof(plain.put, plain.load, plain.dump, plain.batch, plain.release, plain.evict),
  },
  { weight: 1, arbitrary: plain.lookup },
);
const alone = operations.map(({ name, run }) => new Operation(name, run));
/** Several at once: their pins are known once all are over. */
const together = fc
  .array(fc.oneof(working, plain.load, plain.dump, plain.batch, plain.evict), {
    minLength: 2,
    maxLength: 5,
  })
  .map(
    (some) =>
      new Operation(`together[${some.map(({ name }) => name)}]`, async (held, real) => {
        await Promise.all(some.map(({ run }) => run(held, real)));
      }),
  );
const drain = fc.constant(new Operation('drain', async (_, { store }) => store.drain()));
const clear = fc.constant(
  new Operation('clear', async (_, { store }) => void (await tolerated(store.clear()))),
);

export const commands = (maxCommands: number) =>
  fc.commands<Held, Real, false>([alone, alone, together, together, fault, drain, clear], {
    maxCommands,
    size: 'max',
  });
