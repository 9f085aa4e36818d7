import { type AttributeValue, type Bus, getBus, integerOption } from '@kvscope/core';
import type { DecodeLimits } from '../decode/limits.js';
import { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { BlockBudget } from './block-budget.js';

/** What every ingest takes. */
export interface IngestOptions {
  /** Name of the publisher: the attribute `kv_cache.publisher.name`. */
  readonly name: string;
  /** Rank of its events where they do not tell. Default: 0. */
  readonly rank?: number;
  /**
   * Attributes on what its events are measured as, at most two. Default: `kv_cache.publisher.name` and
   * `kv_cache.publisher.rank`.
   */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Whether event times advance with the local clock; false when a capture is read. Default: true. */
  readonly live?: boolean;
  readonly limits?: Partial<DecodeLimits>;
  /** Shared by all ingests of a process. Default: one of its own with {@link DEFAULT_MAX_BLOCKS}. */
  readonly budget?: BlockBudget;
  /** Default: new ones. */
  readonly statistics?: PublisherStatistics;
  /** Blocks that each tier can hold, where the operator knows: engines do not tell. {block} */
  readonly capacities?: { readonly l0?: number; readonly l1?: number; readonly l2?: number };
  readonly bus?: Bus;
}

/** 32 to 64 bytes each, for a while 96 when there is no more room, some 75 more where a block has a salt or a name: about 50 MB. */
export const DEFAULT_MAX_BLOCKS = 1_000_000;
const MAX_MAX_BLOCKS = 2 ** 27;

/** @throws RangeError when `maxBlocks` is not a whole number from 1 to 2^27 */
export function createBlockBudget(maxBlocks?: number): BlockBudget {
  return new BlockBudget(integerOption('maxBlocks', maxBlocks, DEFAULT_MAX_BLOCKS, 1, MAX_MAX_BLOCKS));
}

export type IngestSettings = Required<Omit<IngestOptions, 'attributes' | 'limits' | 'capacities'>> &
  Pick<IngestOptions, 'attributes' | 'limits' | 'capacities'>;

/** The options with their defaults in place. */
export function ingestSettings(options: IngestOptions): IngestSettings {
  const rank = options.rank ?? 0;
  return {
    ...options,
    rank,
    live: options.live ?? true,
    budget: options.budget ?? createBlockBudget(),
    statistics: options.statistics ?? new PublisherStatistics(options.name, rank),
    bus: options.bus ?? getBus(),
  };
}
