import { isUtf8 } from 'node:buffer';
import { type EventMap, type EventName, getBus, type SourceErrorKind } from '@kvscope/core';
import { type DecodeLimits, decodeLimits } from '../decode/limits.js';
import type { IngestOptions } from '../ingest/ingest-options.js';
import { PublisherStatistics } from '../monitor/publisher-statistics.js';
import { decodeEventLine } from './decode-line.js';
import { LineSources } from './line-sources.js';

export type LineIngestOptions = Pick<IngestOptions, 'name' | 'limits' | 'statistics' | 'bus'> & {
  /** Replaces what the lines say of their sources: false for a recording that is played again. */
  readonly live?: boolean;
  /** Attributes of the sources that the lines do not describe. Default: the name that the lines give them. */
  readonly attributes?: IngestOptions['attributes'];
};

/** Publishes events that come as lines of JSON. Never throws on what it is fed. */
export class LineIngest {
  readonly statistics: PublisherStatistics;
  readonly #limits: DecodeLimits;
  readonly #sources: LineSources;
  readonly #publish: (type: EventName, event: EventMap[EventName]) => void;

  /** @throws RangeError when a limit is outside its range */
  constructor(options: LineIngestOptions) {
    const bus = options.bus ?? getBus();
    this.statistics = options.statistics ?? new PublisherStatistics(options.name, 0);
    this.#limits = decodeLimits(options.limits);
    this.#sources = new LineSources(bus, options.live, options.attributes);
    this.#publish = (type, event) => bus.publish(type, event as never);
  }

  /**
   * Takes the bytes of one line, with or without its line end.
   * @param arrivedTime epoch ms
   * @returns the event's time (epoch ms), why there is no event, or nothing for a blank line
   */
  apply(line: Uint8Array, arrivedTime: number): number | SourceErrorKind | undefined {
    this.statistics.bytes += line.length;
    const taken = this.#take(line, arrivedTime);
    if (typeof taken === 'string') this.statistics.error(taken);
    return taken;
  }

  /** The time of a line's event. Epoch ms, NaN where there is none. */
  timeOf(line: Uint8Array): number {
    const decoded = decodeEventLine(textOf(line), this.#limits);
    return typeof decoded === 'string' ? Number.NaN : (decoded.fields.time as number);
  }

  /** Counts a line that never became one, such as one that was longer than its buffer. */
  refuse(kind: SourceErrorKind): void {
    this.statistics.error(kind);
  }

  close(): void {
    this.#sources.close();
  }

  #take(line: Uint8Array, arrivedTime: number): number | SourceErrorKind | undefined {
    if (line.length > this.#limits.maxPayloadBytes) return 'oversized';
    if (!isUtf8(line)) return 'invalid';
    const text = textOf(line);
    return text === '' ? undefined : this.#publishLine(text, arrivedTime);
  }

  #publishLine(text: string, arrivedTime: number): number | SourceErrorKind {
    const { statistics } = this;
    const line = decodeEventLine(text, this.#limits);
    if (typeof line === 'string') return line;
    const source = this.#sources.of(line.source);
    if (typeof source === 'string') return source;
    const time = line.fields.time as number;
    statistics.batches++;
    statistics.event('catalog');
    statistics.lagMs = arrivedTime - time;
    this.#publish(line.type, { ...line.fields, source } as EventMap[EventName]);
    return time;
  }
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8').trim();
}
