import type { SourceErrorKind } from '@kvscope/core';
import type { JsonValue } from '../decode/json/exact-json.js';
import { parseJsonBytes } from '../decode/json/json-text.js';
import { asArray } from '../decode/json/json-values.js';
import { type DecodeLimits, decodeLimits } from '../decode/limits.js';
import { EVERY_TIER } from '../decode/medium.js';
import {
  readTrtllmEvent,
  readTrtllmHeader,
  TRTLLM_SKIPPED,
  type TrtllmEvent,
} from '../decode/trtllm/trtllm-event.js';
import type { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { type IngestOptions, ingestSettings } from './ingest-options.js';
import type { RankBlocks } from './rank-blocks.js';
import { Ranks } from './ranks.js';

/**
 * Turns TensorRT-LLM's JSON events into events of the bus. They carry no time: they are as old as their arrival.
 * Their ids count up per rank from 0, and a buffer that overflowed shows as a gap in them.
 */
export class TrtllmIngest {
  readonly statistics: PublisherStatistics;
  readonly #limits: DecodeLimits;
  readonly #ranks: Ranks;
  readonly #rank: number;
  /** Id of the next event, by rank. */
  readonly #expected = new Map<number, number>();

  /** @throws RangeError when an option is outside its range */
  constructor(options: IngestOptions) {
    const settings = ingestSettings(options);
    this.#limits = decodeLimits(settings.limits);
    this.statistics = settings.statistics;
    this.#rank = settings.rank;
    this.#ranks = new Ranks(settings);
  }

  /**
   * Takes a response: an array of events, or one event.
   * @param arrivedTime epoch ms
   */
  apply(payload: Uint8Array, arrivedTime: number): void {
    const { statistics } = this;
    statistics.bytes += payload.length;
    const parsed = parseJsonBytes(payload, this.#limits, TRTLLM_SKIPPED);
    if (typeof parsed === 'string') {
      statistics.error(parsed);
      return;
    }
    const events = asArray(parsed.value) ?? [parsed.value];
    if (events.length > this.#limits.maxEvents) {
      statistics.error('too_many_events');
      return;
    }
    statistics.batches++;
    for (const event of events) this.#apply(event, arrivedTime);
    for (const rank of this.#ranks.all()) rank.end();
  }

  /** What the engine holds is no longer known. */
  reset(now: number): void {
    this.#ranks.reset(now);
  }

  close(): void {
    this.#ranks.close();
  }

  #apply(value: JsonValue, time: number): void {
    const { statistics } = this;
    const header = readTrtllmHeader(value);
    if (header === undefined) {
      statistics.error('malformed_event');
      return;
    }
    const number = header.rank ?? this.#rank;
    const rank = this.#ranks.of(number);
    if (rank === undefined) {
      statistics.error('too_many_sources');
      return;
    }
    const event = readTrtllmEvent(value, this.#limits);
    rank.begin(time);
    // One that cannot be used was not lost on the way: its id counts.
    if (!this.#inOrder(header.id, event, number, rank)) return;
    statistics.lastSequence = header.id;
    if (typeof event !== 'string') this.#publish(event, rank);
    else {
      statistics.error(event);
      if (event === 'unknown_event') statistics.event('other');
    }
  }

  /** False for an event that was taken already. Ids that go back are those of an engine that started again. */
  #inOrder(id: number, event: TrtllmEvent | SourceErrorKind, number: number, rank: RankBlocks): boolean {
    const expected = this.#expected.get(number) ?? 0;
    const created = typeof event !== 'string' && event.type === 'created';
    if (id === expected - 1 && !created) {
      this.statistics.duplicates++;
      return false;
    }
    this.#expected.set(number, id + 1);
    const restarted = id < expected;
    const missed = restarted ? id : id - expected;
    if (restarted) this.statistics.restarts++;
    this.statistics.missed += missed;
    if (restarted || missed > 0) rank.reset(rank.time);
    return true;
  }

  #publish(event: TrtllmEvent, rank: RankBlocks): void {
    this.statistics.event(event.type === 'updated' ? 'moved' : event.type);
    if (event.type === 'created') {
      rank.capacities = event.capacities;
      return;
    }
    const { blocks, group } = event;
    if (event.type === 'removed') rank.removed(blocks, 0, blocks.length, group, EVERY_TIER);
    else if (event.type === 'stored') {
      event.tiers.forEach((tier, i) => {
        rank.stored(blocks, i, i + 1, group, tier, false);
      });
    } else if (event.from !== undefined && event.to !== undefined && event.from !== event.to) {
      rank.moved(blocks, 0, blocks.length, group, event.from, event.to);
    }
  }
}
