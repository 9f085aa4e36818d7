import { createSource, integerOption, numberOption, type SourceErrorKind } from '@kvscope/core';
import { type AllocationReport, readAllocationReport } from '../../decode/allocations/allocation-report.js';
import { parseJsonBytes } from '../../decode/json/json-text.js';
import { type DecodeLimits, decodeLimits } from '../../decode/limits.js';
import type { PublisherStatistics } from '../../monitor/publisher-statistics.js';
import { BlockRun } from '../block-run.js';
import { type IngestOptions, type IngestSettings, ingestSettings } from '../ingest-options.js';
import { InstanceAllocations } from './instance-allocations.js';
import { PhysicalBlocks } from './physical-blocks.js';

export interface AllocationOptions extends IngestOptions {
  /** Tokens of a block, where a report does not tell (`block_size`). Default: 16, as vLLM has it. */
  readonly blockTokens?: number;
  /** Open requests of one instance that are remembered at most. Default: 100,000. */
  readonly maxRequests?: number;
  /** Seconds of silence after which a request whose end never came is let go. Default: 3,600. */
  readonly maxRequestAge?: number;
}

/** Engine instances that are followed; reports of further ones are skipped and counted. */
const MAX_INSTANCES = 64;
const DAY_S = 86_400;

/**
 * Turns reports of device-memory allocations, as LMCache's vLLM connector sends them, into events of the bus. They tell
 * physical blocks and tokens, no hashes: a block's content is compared by a digest of its tokens. The only engine
 * source that reports accesses.
 */
export class AllocationIngest {
  readonly statistics: PublisherStatistics;
  readonly #settings: IngestSettings;
  readonly #limits: DecodeLimits;
  readonly #blockTokens: number;
  readonly #maxRequests: number;
  readonly #maxAgeMs: number;
  readonly #instances = new Map<string, InstanceAllocations>();

  /** @throws RangeError when an option is outside its range */
  constructor(options: AllocationOptions) {
    this.#settings = ingestSettings(options);
    this.statistics = this.#settings.statistics;
    this.#limits = decodeLimits(options.limits);
    this.#blockTokens = integerOption('blockTokens', options.blockTokens, 16, 1, 1_048_576);
    this.#maxRequests = integerOption('maxRequests', options.maxRequests, 100_000, 1, 16_000_000);
    this.#maxAgeMs = numberOption('maxRequestAge', options.maxRequestAge, 3600, 1, 365 * DAY_S) * 1000;
  }

  /** Takes one report. @param time when it arrived, since reports carry none. Epoch ms */
  apply(payload: Uint8Array, time: number): void {
    const { statistics } = this;
    statistics.bytes += payload.length;
    const parsed = parseJsonBytes(payload, this.#limits);
    const report = typeof parsed === 'string' ? parsed : readAllocationReport(parsed.value, this.#limits);
    if (typeof report === 'string') {
      statistics.error(report);
      return;
    }
    statistics.batches++;
    if (report.type === 'allocated') this.#allocated(report, time);
    else this.#released(report, time);
  }

  /** Counts a report that could not be had, such as a line that was too long. */
  refuse(kind: SourceErrorKind): void {
    this.statistics.error(kind);
  }

  /** Its sources answer no more. */
  close(): void {
    for (const { source } of this.#instances.values()) source.close();
  }

  #allocated(report: AllocationReport & { type: 'allocated' }, time: number): void {
    const instance = this.#instance(report.instance);
    if (instance === undefined) {
      this.statistics.error('too_many_sources');
      return;
    }
    if (report.malformed > 0) this.statistics.error('malformed_event', report.malformed);
    instance.run.begin(time);
    instance.forgetSilentSince(time - this.#maxAgeMs);
    for (const record of report.records) {
      this.statistics.event('allocated');
      instance.allocated(record, report.blockTokens ?? this.#blockTokens, time);
    }
    instance.run.flush();
    this.statistics.untrackedByLimit += instance.refused;
    instance.refused = 0;
  }

  #released(report: AllocationReport & { type: 'released' }, time: number): void {
    this.statistics.event('released');
    for (const [name, instance] of this.#instances) {
      if (report.instance !== undefined && report.instance !== name) continue;
      instance.run.begin(time);
      instance.released(report.requestId);
      instance.run.flush();
    }
  }

  #instance(name: string): InstanceAllocations | undefined {
    const known = this.#instances.get(name);
    if (known !== undefined || this.#instances.size >= MAX_INSTANCES) return known;
    const { bus, attributes, live, budget } = this.#settings;
    const source = createSource(
      {
        attributes: attributes ?? { 'kv_cache.publisher.name': name },
        accesses: true,
        live,
        occupancy: () => ({ tiers: [{ tier: 'l0', evictable: 0, pinned: 0, unknown: blocks.size }] }),
      },
      bus,
    );
    const run = new BlockRun(bus, source);
    const blocks = new PhysicalBlocks(run, budget);
    const made = new InstanceAllocations(source, run, blocks, this.#maxRequests);
    this.#instances.set(name, made);
    return made;
  }
}
