import { SOURCE_ERROR_KINDS, type SourceErrorKind, type SourceEventType } from '@kvscope/core';
import {
  CLEARED,
  type DecodedBatch,
  type EventKind,
  MOVED,
  REMOVED,
  STORED,
} from '../decode/decoded-batch.js';
import type { DialectName } from '../decode/engine/dialect.js';
import { EngineDecoder } from '../decode/engine/engine-decoder.js';
import type { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { type IngestOptions, ingestSettings } from './ingest-options.js';
import type { RankBlocks } from './rank-blocks.js';
import { Ranks } from './ranks.js';

const TYPES: Readonly<Record<EventKind, SourceEventType>> = {
  [STORED]: 'stored',
  [REMOVED]: 'removed',
  [CLEARED]: 'cleared',
  [MOVED]: 'moved',
};

const KINDS = [STORED, REMOVED, CLEARED, MOVED] as const;

/** Turns the payloads of one publisher into events of the bus. Never throws on what it is fed. */
export class EngineIngest {
  readonly statistics: PublisherStatistics;
  readonly #decoder: EngineDecoder;
  readonly #ranks: Ranks;
  readonly #rank: number;
  /** Events of each kind in the batch at hand. */
  readonly #kinds = [0, 0, 0, 0];

  /** @throws RangeError when an option is outside its range */
  constructor(dialect: DialectName, options: IngestOptions) {
    const settings = ingestSettings(options);
    this.#decoder = new EngineDecoder(dialect, settings.limits);
    this.statistics = settings.statistics;
    this.#rank = settings.rank;
    this.#ranks = new Ranks(settings);
  }

  /** The time of a payload's batch. Epoch ms, NaN where there is none. */
  timeOf(payload: Uint8Array): number {
    return this.#decoder.timeOf(payload);
  }

  /** @param arrivedTime local time at which the payload came. Epoch ms */
  apply(payload: Uint8Array, arrivedTime: number): void {
    const { statistics } = this;
    const batch = this.#decoder.decode(payload);
    if (typeof batch === 'string') {
      statistics.error(batch);
      return;
    }
    const rank = this.#ranks.of(batch.rank ?? this.#rank);
    if (rank === undefined) {
      statistics.error('too_many_sources');
      return;
    }
    statistics.batches++;
    statistics.lagMs = arrivedTime - batch.time;
    this.#publish(batch, rank);
  }

  /** What the publisher holds is no longer known: it restarted, or batches are lost for good. */
  reset(now: number): void {
    this.#ranks.reset(now);
  }

  /** Blocks of all ranks together that each tier holds, by the stream's account. {block} */
  held(): [l0: number, l1: number, l2: number] {
    const sums: [number, number, number] = [0, 0, 0];
    for (const { held } of this.#ranks.all()) {
      for (let i = 0; i < sums.length; i++) sums[i as 0] += held[i] as number;
    }
    return sums;
  }

  /** Its sources answer no more. */
  close(): void {
    this.#ranks.close();
  }

  #publish(batch: DecodedBatch, rank: RankBlocks): void {
    const { blocks } = batch;
    rank.begin(batch.time, blocks);
    for (let i = 0, next = 0; i < batch.size; i = next) {
      next = batch.endOfAlike(i);
      const kind = batch.kindOf(i);
      const tier = batch.tierOf(i);
      const start = batch.startOf(i);
      const end = batch.endOf(next - 1);
      const group = batch.groupOf(i);
      this.#kinds[kind] = (this.#kinds[kind] as number) + next - i;
      if (kind === STORED) rank.stored(blocks, start, end, group, tier, batch.isPlaceholder(i));
      else if (kind === REMOVED) rank.removed(blocks, start, end, group, tier);
      else if (kind === CLEARED) rank.cleared(tier);
      else rank.moved(blocks, start, end, group, tier, batch.destinationOf(i));
    }
    rank.end();
    for (const kind of KINDS) {
      const count = this.#kinds[kind] as number;
      if (count > 0) this.statistics.event(TYPES[kind], count);
      this.#kinds[kind] = 0;
    }
    if (!batch.skips) return;
    for (let i = 0; i < batch.skipped.length; i++) {
      const skipped = batch.skipped[i] as number;
      if (skipped > 0) this.#skipped(SOURCE_ERROR_KINDS[i] as SourceErrorKind, skipped);
    }
  }

  #skipped(kind: SourceErrorKind, count: number): void {
    this.statistics.error(kind, count);
    if (kind === 'unknown_event') this.statistics.event('other', count);
  }
}
