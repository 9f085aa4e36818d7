import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlockKey, createBus, type Tier } from '@kvscope/core';
import { onTestFinished } from 'vitest';
import { openStore, type StoreOptions, type TieredStore } from '../src/index.ts';
import { EventLog } from './event-log.ts';
import { FaultyFiles } from './faulty-files.ts';

/** 3 layers x 2 shards x 100 B: 600 B in L0, 624 B with checksums in a file. */
export const BLOCK = { layers: 3, shards: 2, shardBytes: 100 } as const;
export const BLOCK_BYTES = 600;
export const FILE_BYTES = 624;

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kvscope-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function setup(options: Partial<StoreOptions> = {}) {
  const bus = createBus();
  const log = new EventLog(bus);
  const files = new FaultyFiles();
  const directory = options.directory ?? (await temporaryDirectory());
  const sizes = { l0Blocks: 8, l1Blocks: 8, l2Blocks: 16 };
  const store = await openStore({ directory, block: BLOCK, ...sizes, files, bus, ...options });
  onTestFinished(() => store.close());
  return { store, bus, log, files, directory };
}

/** Content that no other key has, and that is not the same twice in a block. */
export function contentOf(key: BlockKey, size = BLOCK_BYTES): Buffer {
  const text = `${typeof key} ${String(key)}`;
  let state = 2166136261;
  for (const unit of text) state = Math.imul(state ^ unit.charCodeAt(0), 16777619);
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export function put(store: TieredStore, keys: readonly BlockKey[]): void {
  store.put(keys, (bytes, key) => void contentOf(key, bytes.length).copy(bytes));
}

/** Puts, dumps and writes blocks, and holds none of them. */
export async function persist(store: TieredStore, keys: readonly BlockKey[]): Promise<void> {
  put(store, keys);
  await store.dump(keys);
  store.release(keys);
  await store.drain();
}

/** Blocks resident in each tier, pinned or not. */
export function resident(store: TieredStore): Record<Tier, number> {
  const count = { l0: 0, l1: 0, l2: 0 };
  for (const { tier, evictable, pinned } of store.occupancy().tiers) count[tier] = evictable + pinned;
  return count;
}

export async function blockFiles(directory: string): Promise<{ name: string; bytes: number }[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.block')).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(directory, name))).size })));
}
