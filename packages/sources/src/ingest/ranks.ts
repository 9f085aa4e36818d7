import { createSource } from '@kvscope/core';
import type { IngestSettings } from './ingest-options.js';
import { RankBlocks } from './rank-blocks.js';

/** Data-parallel ranks of one publisher; the largest deployments known run 128. */
const MAX_RANKS = 256;

/** The ranks that one publisher spoke of, each a source of its own. Bounded. */
export class Ranks {
  readonly #settings: IngestSettings;
  readonly #ranks = new Map<number, RankBlocks>();

  constructor(settings: IngestSettings) {
    this.#settings = settings;
  }

  /** The blocks of a rank, made when first asked for; undefined when there are too many ranks. */
  of(rank: number): RankBlocks | undefined {
    const known = this.#ranks.get(rank);
    if (known !== undefined || this.#ranks.size >= MAX_RANKS) return known;
    const { bus, name, attributes, live, budget, statistics, capacities } = this.#settings;
    const source = createSource(
      {
        attributes: attributes ?? { 'kv_cache.publisher.name': name, 'kv_cache.publisher.rank': rank },
        accesses: false,
        live,
        occupancy: () => made.occupancy(),
      },
      bus,
    );
    const made = new RankBlocks(bus, source, budget, statistics);
    made.capacities = [capacities?.l0, capacities?.l1, capacities?.l2];
    this.#ranks.set(rank, made);
    return made;
  }

  /** The ranks so far. */
  all(): Iterable<RankBlocks> {
    return this.#ranks.values();
  }

  /** Nothing is known any more about any rank; a publisher that said nothing yet is one rank. */
  reset(now: number): void {
    if (this.#ranks.size === 0) this.of(this.#settings.rank);
    for (const rank of this.#ranks.values()) rank.reset(now);
  }

  close(): void {
    for (const rank of this.#ranks.values()) rank.source.close();
  }
}
