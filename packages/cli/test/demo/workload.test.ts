import { createBus } from '@kvscope/core';
import type { TraceRequest } from '@kvscope/sources';
import { openStore } from '@kvscope/tiered-store';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../src/demo/temporary-directory.ts';
import { runWorkload, type WorkloadOptions } from '../../src/demo/workload.ts';

async function* requestsFor(...prompts: readonly number[][]): AsyncGenerator<TraceRequest> {
  for (const hashIds of prompts) yield { timestamp: 0, inputLength: 1, outputLength: 1, hashIds, line: 1 };
}

/** Serves prompts, given as the ids of their blocks, on a small store. */
async function serve(prompts: readonly number[][], options: Partial<WorkloadOptions> = {}) {
  const directory = await temporaryDirectory('kvscope-test-');
  const block = { layers: 2, shards: 1, shardBytes: 64 };
  const sizes = { l0Blocks: 8, l1Blocks: 8, l2Blocks: 16 };
  const store = await openStore({ directory: directory.path, block, ...sizes, bus: createBus() });
  onTestFinished(async () => {
    await store.close();
    await directory.remove();
  });
  const never = new AbortController().signal;
  const result = await runWorkload({
    store,
    requests: requestsFor(...prompts),
    computeMs: 0,
    rate: 1e6,
    concurrency: 1,
    maxBlocks: 4,
    signal: never,
    interrupted: never,
    onRequest: () => undefined,
    ...options,
  });
  return { result, store };
}

it('serves every request, and cuts what is too long', async () => {
  const { result, store } = await serve([
    [1, 2],
    [1, 2, 3],
    [4, 5, 6, 7, 8],
  ]);
  expect(result).toEqual({ requests: 3, failed: {}, cut: 1 });
  expect(store.lookup([1, 2, 3, 4, 5, 6, 7, 8], { prefix: false }).keys).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('tells which requests the store refused, and why', async () => {
  // A batch of 9 blocks has no room in L0.
  const prompt = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const { result } = await serve([prompt, [1]], { maxBlocks: 9 });
  expect(result).toEqual({ requests: 2, failed: { no_space: 1 }, cut: 0 });
});

it('leaves requests that are being computed when it is interrupted, and nothing of them half done', async () => {
  const interrupt = new AbortController();
  const { result, store } = await serve([[1], [2], [3]], {
    computeMs: 3_600_000,
    concurrency: 2,
    signal: interrupt.signal,
    interrupted: interrupt.signal,
    onRequest: (begun) => {
      if (begun === 2) setImmediate(() => interrupt.abort());
    },
  });
  expect(result).toEqual({ requests: 2, failed: {}, cut: 0 });
  expect(store.occupancy().tiers.map(({ evictable, pinned }) => [evictable, pinned])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
