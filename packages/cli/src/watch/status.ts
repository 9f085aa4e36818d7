import type { PublisherStatistics } from '@kvscope/sources';
import { type ResidentBlocks, residentBlocks } from './resident-blocks.js';
import type { SourceStates } from './source-state.js';
import type { SourceState, WatchedSource } from './watched-source.js';

/** How one publisher's stream arrives. */
export interface PublisherStatus {
  readonly publisher: string;
  readonly rank: number;
  readonly connected: boolean;
  readonly events: number;
  /** Since the status before. */
  readonly eventsPerSecond: number;
  readonly batches: number;
  readonly bytes: number;
  readonly lastSequence: number | null;
  /** Arrival of the newest batch less its own time, in seconds. */
  readonly lag: number | null;
  readonly missed: number;
  readonly replayed: number;
  readonly duplicates: number;
  readonly restarts: number;
  readonly reconnects: number;
  readonly dropped: number;
  readonly errors: number;
}

export interface SourceStatus {
  readonly name: string;
  readonly state: SourceState;
  readonly publishers: readonly PublisherStatus[];
}

export interface WatchStatus {
  /** Seconds since the start. */
  readonly seconds: number;
  readonly sources: readonly SourceStatus[];
  readonly resident: ResidentBlocks;
}

/** Reads the status again and again; rates are those between two readings. */
export class StatusReader {
  readonly #sources: readonly WatchedSource[];
  readonly #states: SourceStates;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #events = new WeakMap<PublisherStatistics, number>();
  #readAt: number;

  /** @param now ms, from anywhere */
  constructor(sources: readonly WatchedSource[], states: SourceStates, now = () => performance.now()) {
    this.#sources = sources;
    this.#states = states;
    this.#now = now;
    this.#startedAt = now();
    this.#readAt = this.#startedAt;
  }

  read(): WatchStatus {
    const now = this.#now();
    const elapsed = (now - this.#readAt) / 1000;
    this.#readAt = now;
    return {
      seconds: (now - this.#startedAt) / 1000,
      sources: this.#sources.map((source) => ({
        name: source.name,
        state: this.#states.of(source),
        publishers: [...source.monitor.publishers].map((publisher) => this.#publisher(publisher, elapsed)),
      })),
      resident: residentBlocks(),
    };
  }

  #publisher(statistics: PublisherStatistics, elapsed: number): PublisherStatus {
    const { lagMs, lastSequence = null } = statistics;
    const events = statistics.events();
    const more = events - (this.#events.get(statistics) ?? 0);
    this.#events.set(statistics, events);
    const { publisher, rank, connected, batches, bytes } = statistics;
    const { missed, replayed, duplicates, restarts, reconnects, dropped } = statistics;
    return {
      publisher,
      rank,
      connected,
      events,
      eventsPerSecond: elapsed > 0 ? more / elapsed : 0,
      batches,
      bytes,
      lastSequence,
      lag: lagMs === undefined ? null : lagMs / 1000,
      missed,
      replayed,
      duplicates,
      restarts,
      reconnects,
      dropped,
      errors: statistics.errors(),
    };
  }
}
