import type { BlockKey, Tier } from '@kvscope/core';
import type { BlockFiles, StoreOptions } from '@kvscope/tiered-store';
import { failingFiles } from './failing-files.js';
import { keysOfNobodyElse, oneAmongMany } from './other-keys.js';

/** What is made worse on purpose, so that one can see what it looks like. */
export interface Sickness {
  readonly description: string;
  /** What the store has in place of what a healthy one has. */
  readonly store?: Pick<StoreOptions, 'delays' | 'ioConcurrency' | 'maxQueuedWrites'>;
  /** Multiplies the capacities of tiers. */
  readonly scale?: Partial<Record<Tier, number>>;
  /** Makes the file system of L2. */
  readonly files?: () => BlockFiles;
  /** Time that computing one layer takes, in ms, in place of the one that was asked for. */
  readonly computeMs?: number;
  /** Whether blocks are loaded and dumped as wholes, before and after all layers are computed. */
  readonly whole?: boolean;
  /** The prompt that a request has instead. */
  readonly prompt?: (keys: readonly BlockKey[], request: number) => readonly BlockKey[];
}

/** Storage far away is slow to answer, not short of throughput: so many calls wait side by side. */
const FAR_AWAY = 64;

export const SICKNESSES = {
  keys: {
    description: 'the blocks of a prompt have other keys each time that it comes',
    prompt: keysOfNobodyElse,
  },
  queue: { description: 'each task waits 60 ms in its queue', store: { delays: { queueMs: 60 } } },
  io: {
    // Were host memory as large as ever, the sample would fit into it, and nothing be read.
    description: 'each read and write of storage takes 30 ms longer, and host memory has 1/20 of its blocks',
    store: { delays: { readMs: 30, writeMs: 30 }, ioConcurrency: FAR_AWAY },
    scale: { l1: 0.05 },
  },
  writes: {
    description:
      'storage writes one block at a time, each 25 ms longer, 8 of them may wait, and no layer is saved by itself',
    store: { delays: { writeMs: 25 }, ioConcurrency: 1, maxQueuedWrites: 8 },
    whole: true,
  },
  compute: { description: 'layers are computed in no time, which hides no load', computeMs: 0 },
  first: {
    description:
      'each read of storage takes 40 ms longer and a layer computes for 50 ms, which hides all loads but the first; device memory has 1/5 and host memory 1/50 of its blocks',
    store: { delays: { readMs: 40 }, ioConcurrency: FAR_AWAY },
    scale: { l0: 0.2, l1: 0.02 },
    computeMs: 50,
  },
  copy: {
    description: 'each copy between host and device memory takes 5 ms longer',
    store: { delays: { copyMs: 5 } },
  },
  handoff: {
    description: 'each hand-off of a dump to storage takes 5 ms longer',
    store: { delays: { handoffMs: 5 } },
  },
  dump: {
    description:
      'each copy between host and device memory takes 20 ms longer, and blocks are loaded and dumped as wholes',
    store: { delays: { copyMs: 20 } },
    whole: true,
  },
  worker: {
    description: 'each 60th task holds its worker for 250 ms before it begins',
    store: { delays: { queueMs: 250, queueEvery: 60 } },
  },
  capacity: {
    description: 'host memory has 1/20 of its blocks',
    scale: { l1: 0.05 },
  },
  pollution: {
    description: 'three of five requests have one prompt, the others prompts that never come again',
    prompt: oneAmongMany,
  },
  faults: {
    description: 'each 20th read and each 20th write of storage fails',
    files: () => failingFiles(20),
  },
} as const satisfies Readonly<Record<string, Sickness>>;

export type SicknessName = keyof typeof SICKNESSES;
