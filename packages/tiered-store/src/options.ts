import {
  type AttributeValue,
  type Bus,
  type Clock,
  getBus,
  integerOption,
  requireThat,
  systemClock,
} from '@kvscope/core';
import { type BlockFiles, nodeBlockFiles } from './block-files.js';
import { createDelays, type DelayOptions, type Delays } from './delays.js';
import { type BlockShape, createGeometry, type Geometry } from './geometry.js';

export interface StoreOptions {
  /** Where L2 keeps its files; made when missing. One store at a time uses it. */
  readonly directory: string;
  readonly block: BlockShape;
  /** Blocks that L0 holds, 1 to 16,000,000: allocated at once. */
  readonly l0Blocks: number;
  /** Blocks that L1 holds, 1 to 16,000,000: allocated at once. */
  readonly l1Blocks: number;
  /** Blocks that L2 holds, 1 to 16,000,000: one file each. */
  readonly l2Blocks: number;
  /** Tasks that work at once, 1 to 1,024; as many again for the layers of batches. Default: 4. */
  readonly maxRunningTasks?: number;
  /** Tasks that wait for their turn, 0 to 1,000,000; a further one fails with `queue_full`. Default: 64. */
  readonly maxWaitingTasks?: number;
  /** Batches open at once, 1 to 1,024; a further one fails with `queue_full`. Default: 64. */
  readonly maxBatches?: number;
  /** Io calls on L2 at once, 1 to 1,024. Node runs at most UV_THREADPOOL_SIZE (4) of them. Default: 4. */
  readonly ioConcurrency?: number;
  /** Blocks that wait to be written or are being written, 1 to 1,000,000; a dump waits in its hand-off. Default: 64. */
  readonly maxQueuedWrites?: number;
  /** How long a task waits for slots of L1, in ms, 1 to 3,600,000; then it fails with `timeout`. Default: 30,000. */
  readonly roomTimeoutMs?: number;
  /**
   * Whether a block is on the device before it counts as written (its file before it is renamed, the directory
   * after). False: safe against the death of the process, not of the machine; what a power failure tore is found
   * by its checksum. Default: false.
   */
  readonly fsync?: boolean;
  /** Prompt tokens that one block stands for, at least 1; told with the occupancy. Default: not told. */
  readonly blockTokens?: number;
  /** At most two attributes that go on every measurement of this store. Default: none. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Makes one place slow on purpose, for demonstrations. Default: none. */
  readonly delays?: DelayOptions;
  /** The file system of L2's blocks; a test may wrap {@link nodeBlockFiles}. Default: the real one. */
  readonly files?: BlockFiles;
  /** Where its events go. Default: the bus of this thread. */
  readonly bus?: Bus;
  /** Where the times of its events come from. Default: the process's clock. */
  readonly clock?: Clock;
}

/** Options with every default in place. */
export interface StoreSettings {
  readonly directory: string;
  readonly geometry: Geometry;
  readonly l0Blocks: number;
  readonly l1Blocks: number;
  readonly l2Blocks: number;
  readonly maxRunningTasks: number;
  readonly maxWaitingTasks: number;
  readonly maxBatches: number;
  readonly ioConcurrency: number;
  readonly maxQueuedWrites: number;
  readonly roomTimeoutMs: number;
  readonly fsync: boolean;
  readonly blockTokens: number | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly delays: Delays;
  readonly files: BlockFiles;
  readonly bus: Bus;
  readonly clock: Clock;
}

/** A JavaScript Map holds at most 2^24 entries. */
const MAX_BLOCKS = 16_000_000;
const MAX_CONCURRENCY = 1024;
const MAX_QUEUE = 1_000_000;
const HOUR_MS = 3_600_000;

/** @throws RangeError when an option is outside its range; the message names it */
export function storeSettings(options: StoreOptions): StoreSettings {
  const { directory, blockTokens } = options;
  requireThat(
    typeof directory === 'string' && directory !== '',
    'directory',
    directory,
    'the path of a directory',
  );
  const blocks = (field: 'l0Blocks' | 'l1Blocks' | 'l2Blocks'): number =>
    integerOption(field, options[field], Number.NaN, 1, MAX_BLOCKS);
  const option = (
    field: 'maxRunningTasks' | 'maxWaitingTasks' | 'maxBatches' | 'ioConcurrency' | 'maxQueuedWrites',
    fallback: number,
    least: number,
    most: number,
  ): number => integerOption(field, options[field], fallback, least, most);
  return {
    directory,
    geometry: createGeometry(options.block),
    l0Blocks: blocks('l0Blocks'),
    l1Blocks: blocks('l1Blocks'),
    l2Blocks: blocks('l2Blocks'),
    maxRunningTasks: option('maxRunningTasks', 4, 1, MAX_CONCURRENCY),
    maxWaitingTasks: option('maxWaitingTasks', 64, 0, MAX_QUEUE),
    maxBatches: option('maxBatches', 64, 1, MAX_CONCURRENCY),
    ioConcurrency: option('ioConcurrency', 4, 1, MAX_CONCURRENCY),
    maxQueuedWrites: option('maxQueuedWrites', 64, 1, MAX_QUEUE),
    roomTimeoutMs: integerOption('roomTimeoutMs', options.roomTimeoutMs, 30_000, 1, HOUR_MS),
    fsync: options.fsync ?? false,
    blockTokens:
      blockTokens === undefined ? undefined : integerOption('blockTokens', blockTokens, 1, 1, MAX_QUEUE),
    attributes: options.attributes ?? {},
    delays: createDelays(options.delays),
    files: options.files ?? nodeBlockFiles,
    bus: options.bus ?? getBus(),
    clock: options.clock ?? systemClock,
  };
}
