import { expect, it } from 'vitest';
import { shiftingWorkload } from '../bench/reuse/shifting-workload.ts';

/** `test/bench/reuse/memory.ts` runs 100 million of these by hand. */
const REFERENCES = 480_000;
const PARTS = 6;

const { gc } = globalThis as { gc?: () => void };
const bytes = (): number => {
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

it('memory and blocks stay within their bounds under blocks that keep changing', () => {
  const workload = shiftingWorkload(10_000, 1, { maxBlocks: 2048 });
  const memories: number[] = [];
  for (let part = 0; part < PARTS; part++) {
    workload.run(REFERENCES / PARTS);
    expect(workload.collect().sampledBlocks).toBeLessThanOrEqual(2048);
    memories.push(bytes());
  }
  expect(workload.collect().references).toBe(REFERENCES);
  // Or the test would prove nothing: 120,000 blocks were new.
  expect(workload.dropped()).toBeGreaterThan(2048);
  // The state of 2,048 blocks and the curve take less than 1 MB; everything else is a few figures.
  expect((memories.at(-1) as number) - (memories[1] as number)).toBeLessThan(1e6);
});
