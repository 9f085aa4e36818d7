import type { BlockKey, Bus, Occupancy, Source } from '@kvscope/core';
import { TIERS } from '@kvscope/core';
import type { BlockList } from '../decode/block-list.js';
import { EVERY_TIER, L0, L2, type TierIndex, tierAt } from '../decode/medium.js';
import type { PublisherStatistics } from '../monitor/publisher-statistics.js';
import type { BlockBudget } from './block-budget.js';
import { BlockRun } from './block-run.js';
import { BlockTable } from './block-table.js';
import { keyOf } from './identity.js';

/** The blocks of one rank of a publisher: follows what is said of them and publishes what follows from it. */
export class RankBlocks {
  readonly source: Source;
  /** Time of the newest batch. Epoch ms; NaN before there is one. */
  time = Number.NaN;
  /** Blocks that each tier can hold, where that is known. {block} */
  capacities: readonly (number | undefined)[] = [];
  readonly #bus: Bus;
  readonly #statistics: PublisherStatistics;
  readonly #table: BlockTable;
  readonly #run: BlockRun;

  constructor(bus: Bus, source: Source, budget: BlockBudget, statistics: PublisherStatistics) {
    this.source = source;
    this.#bus = bus;
    this.#statistics = statistics;
    this.#table = new BlockTable(budget);
    this.#run = new BlockRun(bus, source);
  }

  /** Blocks that each tier holds. {block} */
  get held(): readonly number[] {
    return this.#table.held;
  }

  /** Begins a batch. @param blocks those it speaks of, where they are known already */
  begin(time: number, blocks?: BlockList): void {
    this.time = time;
    this.#run.begin(time);
    if (blocks !== undefined) this.#table.touch(blocks);
  }

  end(): void {
    this.#run.flush();
  }

  /** Blocks of a list, from `start` up to `end`. */
  stored(
    blocks: BlockList,
    start: number,
    end: number,
    group: number,
    tier: TierIndex,
    placeholder: boolean,
  ): void {
    const changes = this.#table.add(blocks, start, end, group, tier, placeholder);
    if (changes > 0) this.#pushChanged(this.#run.storesIn(tier), changes, blocks, group);
    this.#statistics.untrackedByLimit += this.#table.refused;
  }

  removed(blocks: BlockList, start: number, end: number, group: number, tier: TierIndex): void {
    if (tier === EVERY_TIER) {
      for (let i = start; i < end; i++) this.#removeEverywhere(blocks, i, group);
      return;
    }
    this.#evict(blocks, start, end, group, tier);
    this.#statistics.untrackedUnknown += this.#table.unknown;
  }

  /** A block that nobody saw in the tier it leaves is just new in the other. */
  moved(blocks: BlockList, start: number, end: number, group: number, from: TierIndex, to: TierIndex): void {
    for (let i = start; i < end; i++) {
      this.removed(blocks, i, i + 1, group, from);
      // The block's salt is now that of the block that left, so that it arrives with its identity.
      this.stored(blocks, i, i + 1, group, to, false);
    }
  }

  /** One event for each tier that held something, so that the counters of evictions add up. */
  cleared(tier: TierIndex): void {
    this.#run.flush();
    const { source, time } = this;
    let told = false;
    for (let i = L0; i <= L2; i++) {
      const blocks = this.#table.held[i as 0];
      if ((tier !== EVERY_TIER && tier !== i) || blocks === 0) continue;
      this.#bus.publish('tier.cleared', { time, source, tier: tierAt(i), blocks });
      told = true;
    }
    this.#table.clear(tier);
    if (told) return;
    this.#bus.publish('tier.cleared', { time, source, ...(tier !== EVERY_TIER && { tier: tierAt(tier) }) });
  }

  /** What the rank holds is no longer known. @param now epoch ms, for a rank that said nothing yet */
  reset(now: number): void {
    this.#run.flush();
    this.#table.clear(EVERY_TIER);
    this.#bus.publish('source.reset', {
      time: Number.isNaN(this.time) ? now : this.time,
      source: this.source,
    });
  }

  /** What each tier holds by the stream's account; whether something uses it, the engines do not say. */
  occupancy(): Occupancy {
    const tiers = TIERS.flatMap((tier, i) => {
      const unknown = this.#table.held[i as 0];
      const capacity = this.capacities[i];
      if (unknown === 0 && capacity === undefined) return [];
      return [{ tier, evictable: 0, pinned: 0, unknown, ...(capacity !== undefined && { capacity }) }];
    });
    return { tiers };
  }

  #removeEverywhere(blocks: BlockList, at: number, group: number): void {
    const saltLo = blocks.saltLo[at] as number;
    const saltHi = blocks.saltHi[at] as number;
    let known = false;
    for (let tier = L0; tier <= L2; tier++) {
      this.#evict(blocks, at, at + 1, group, tier);
      known ||= this.#table.unknown === 0;
      blocks.resalt(at, saltLo, saltHi);
    }
    if (!known) this.#statistics.untrackedUnknown++;
  }

  #evict(blocks: BlockList, start: number, end: number, group: number, tier: TierIndex): void {
    const changes = this.#table.remove(blocks, start, end, group, tier);
    if (changes > 0) this.#pushChanged(this.#run.evictionsFrom(tier), changes, blocks, group);
  }

  #pushChanged(keys: BlockKey[], changes: number, blocks: BlockList, group: number): void {
    const { changed } = this.#table;
    for (let i = 0; i < changes; i++) keys.push(keyOf(blocks, changed[i] as number, group));
  }
}
