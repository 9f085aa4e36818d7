import type { Tier } from '@kvscope/core';
import type { BlockFiles, DelayOptions } from '@kvscope/tiered-store';
import { failingFiles } from './failing-files.js';

/** What is made worse on purpose, so that one can see what it looks like. */
export interface Sickness {
  readonly description: string;
  readonly delays?: DelayOptions;
  /** Io calls on storage at once; undefined: as many as a healthy store has. */
  readonly ioConcurrency?: number;
  /** Multiplies the capacities of tiers. */
  readonly scale?: Partial<Record<Tier, number>>;
  /** Makes the file system of L2. */
  readonly files?: () => BlockFiles;
}

export const SICKNESSES = {
  queue: { description: 'each task waits 5 ms in its queue', delays: { queueMs: 5 } },
  io: {
    // Were host memory as large as ever, the sample would fit into it, and nothing be read. Storage far away is slow to
    // answer, not short of throughput: so many calls wait side by side.
    description: 'each read and write of storage takes 20 ms longer, and host memory has 1/20 of its blocks',
    delays: { readMs: 20, writeMs: 20 },
    ioConcurrency: 64,
    scale: { l1: 0.05 },
  },
  copy: { description: 'each copy between host and device memory takes 5 ms longer', delays: { copyMs: 5 } },
  handoff: { description: 'each hand-off of a dump to storage takes 5 ms longer', delays: { handoffMs: 5 } },
  capacity: {
    description: 'device and host memory have a quarter of their blocks',
    scale: { l0: 0.25, l1: 0.25 },
  },
  faults: {
    description: 'each 20th read and each 20th write of storage fails',
    files: () => failingFiles(20),
  },
} as const satisfies Readonly<Record<string, Sickness>>;

export type SicknessName = keyof typeof SICKNESSES;
