import type { BlockFiles, DelayOptions } from '@kvscope/tiered-store';
import { failingFiles } from './failing-files.js';

/** What is made worse on purpose, so that one can see what it looks like. */
export interface Sickness {
  readonly description: string;
  readonly delays?: DelayOptions;
  /** Multiplies the capacity of L0 and L1. */
  readonly memoryScale?: number;
  /** Makes the file system of L2. */
  readonly files?: () => BlockFiles;
}

export const SICKNESSES = {
  queue: { description: 'each task waits 5 ms in its queue', delays: { queueMs: 5 } },
  io: {
    description: 'each read and write of storage takes 20 ms longer',
    delays: { readMs: 20, writeMs: 20 },
  },
  copy: { description: 'each copy between host and device memory takes 5 ms longer', delays: { copyMs: 5 } },
  handoff: { description: 'each hand-off of a dump to storage takes 5 ms longer', delays: { handoffMs: 5 } },
  capacity: { description: 'device and host memory have a quarter of their blocks', memoryScale: 0.25 },
  faults: {
    description: 'each 20th read and each 20th write of storage fails',
    files: () => failingFiles(20),
  },
} as const satisfies Readonly<Record<string, Sickness>>;

export type SicknessName = keyof typeof SICKNESSES;
