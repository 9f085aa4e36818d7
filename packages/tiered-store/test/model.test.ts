import { rm } from 'node:fs/promises';
import { createBus } from '@kvscope/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { Ledger } from './conservation.ts';
import { FaultyFiles } from './faulty-files.ts';
import { commands, type Held, type Real } from './model-commands.ts';
import { BLOCK, blockFiles, FILE_BYTES, resident, temporaryDirectory } from './setup.ts';

const RUNS = Number(process.env.KVSCOPE_MODEL_RUNS ?? 100);
const SIZES = {
  l0Blocks: 7,
  l1Blocks: 6,
  l2Blocks: 5,
  maxQueuedWrites: 3,
  maxWaitingTasks: 3,
  maxRunningTasks: 2,
};

it('whatever is done and whatever fails, events, occupancy, files and content agree', async () => {
  const parent = await temporaryDirectory();
  const totals = { runs: 0, events: 0, tasks: 0, failedTasks: 0, ioErrors: 0 };
  const property = fc.asyncProperty(commands(80), async (operations) => {
    const directory = `${parent}/${totals.runs++}`;
    const bus = createBus();
    const ledger = new Ledger(bus);
    const files = new FaultyFiles();
    const store = await openStore({ directory, block: BLOCK, ...SIZES, files, bus, roomTimeoutMs: 200 });
    try {
      const setup = (): { model: Held; real: Real } => ({
        model: { pins: new Map() },
        real: { store, files, ledger },
      });
      await fc.asyncModelRun(setup, operations);
      await store.drain();
      const inFiles = [...ledger.tiers.l2];
      expect(store.lookup(inFiles, { prefix: false }).hits).toBe(inFiles.length);
      await store.evict([], []);
      for (const tier of ['l0', 'l1', 'l2'] as const) {
        expect(resident(store)[tier]).toBe(ledger.tiers[tier].size);
      }
      await store.close();
      const found = await blockFiles(directory);
      expect(found.length).toBeGreaterThanOrEqual(inFiles.length);
      expect(found.every(({ bytes }) => bytes === FILE_BYTES)).toBe(true);
      expect(ledger.broken).toEqual([]);
      expect(ledger.transferred).toEqual(ledger.moved);
      expect(bus.failures.size).toBe(0);
    } finally {
      await store.close();
      for (const total of ['events', 'tasks', 'failedTasks', 'ioErrors'] as const)
        totals[total] += ledger[total];
      await rm(directory, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: 5 });
  process.stdout.write(`model: ${JSON.stringify(totals)}\n`);
  expect(totals.tasks).toBeGreaterThan(2000);
  expect(totals.failedTasks).toBeGreaterThan(50);
  expect(totals.ioErrors).toBeGreaterThan(50);
});
