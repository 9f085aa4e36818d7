import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockKey } from '@kvscope/core';
import type { TraceRequest } from '@kvscope/sources';
import { StoreError, type TieredStore } from '@kvscope/tiered-store';

export interface WorkloadOptions {
  readonly store: TieredStore;
  readonly requests: AsyncIterable<TraceRequest>;
  /** Time that computing one layer takes, in ms: a timer stands for it. */
  readonly computeMs: number;
  /** Whether blocks are loaded and dumped as wholes, before and after all layers are computed. Default: false. */
  readonly whole?: boolean;
  /** The prompt that a request has instead of its own; requests are counted from 0. */
  readonly prompt?: (keys: readonly BlockKey[], request: number) => readonly BlockKey[];
  /** Requests begun per second at most. */
  readonly rate: number;
  /** Requests served at a time. */
  readonly concurrency: number;
  /** Blocks of a request that are served; longer prompts are cut. */
  readonly maxBlocks: number;
  /** Ends the workload; requests that were begun are served to their end. */
  readonly signal: AbortSignal;
  /** Leaves those too, between two layers. */
  readonly interrupted: AbortSignal;
  readonly onRequest: (begun: number) => void;
}

export interface WorkloadResult {
  readonly requests: number;
  /** Requests that the store could not serve, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Requests that were longer than `maxBlocks` and so were served in part. */
  readonly cut: number;
}

/** Serves the requests of a trace on the store, each as one forward pass with the store's real bytes. */
export async function runWorkload(options: WorkloadOptions): Promise<WorkloadResult> {
  const { requests, rate, concurrency, maxBlocks, signal, interrupted, onRequest } = options;
  const { prompt = (keys: readonly BlockKey[]) => keys, whole = false } = options;
  // Each request that computes listens: Node.js takes more than 10 for a leak.
  setMaxListeners(concurrency + 10, interrupted);
  const failed: Record<string, number> = {};
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  let begun = 0;
  let cut = 0;
  try {
    for await (const { hashIds } of requests) {
      const dueInMs = startedAt + (begun / rate) * 1000 - performance.now();
      if (dueInMs > 0) await sleep(dueInMs, undefined, { signal });
      while (running.size >= concurrency) await Promise.race(running);
      if (signal.aborted) break;
      const keys = prompt(hashIds.slice(0, maxBlocks), begun);
      begun++;
      if (hashIds.length > maxBlocks) cut++;
      onRequest(begun);
      const served = (whole ? serveWhole : serveLayers)(options, keys).catch((error: unknown) => {
        if (interrupted.aborted) return;
        if (!(error instanceof StoreError)) throw error;
        failed[error.errorType] = (failed[error.errorType] ?? 0) + 1;
      });
      const tracked = served.finally(() => running.delete(tracked));
      running.add(tracked);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all(running);
  }
  return { requests: begun, failed, cut };
}

/** Layer by layer: the next one is loaded, and the last one saved, while one is computed. */
async function serveLayers(
  { store, computeMs, interrupted }: WorkloadOptions,
  keys: readonly BlockKey[],
): Promise<void> {
  const hits = store.lookup(keys).keys;
  const misses = keys.slice(hits.length);
  const batch = await store.startBatch({ load: hits, save: misses, requests: 1 });
  try {
    for (let layer = 0; layer < store.geometry.layers; layer++) {
      await batch.waitLayer(layer);
      for (const key of misses) batch.layerBytes(key, layer).fill(layer + 1);
      await compute(computeMs, interrupted);
      batch.saveLayer(layer);
    }
  } finally {
    await batch.finishBatch();
  }
}

/** Everything is loaded, then computed, then dumped. */
async function serveWhole(
  { store, computeMs, interrupted }: WorkloadOptions,
  keys: readonly BlockKey[],
): Promise<void> {
  const hits = store.lookup(keys).keys;
  const misses = keys.slice(hits.length);
  if (hits.length > 0) await store.load(hits, { requests: 1 });
  try {
    await compute(computeMs * store.geometry.layers, interrupted);
    store.put(misses, (bytes) => bytes.fill(1));
    try {
      if (misses.length > 0) await store.dump(misses, { requests: 1 });
    } finally {
      store.release(misses);
    }
  } finally {
    store.release(hits);
  }
}

async function compute(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
}
