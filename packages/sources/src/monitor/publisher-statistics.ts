import {
  SOURCE_ERROR_KINDS,
  SOURCE_EVENT_TYPES,
  type SourceErrorKind,
  type SourceEventType,
} from '@kvscope/core';

/**
 * What is counted about one publisher's stream. Plain fields that the code in the stream's path adds to; they are
 * read when somebody collects metrics or prints a status.
 */
export class PublisherStatistics {
  readonly publisher: string;
  readonly rank: number;
  connected = false;
  /** Sequence number of the last batch applied. */
  lastSequence: number | undefined;
  /** Arrival of the newest batch less its own time; below 0 when the publisher's clock is ahead. ms */
  lagMs: number | undefined;
  batches = 0;
  /** Payload bytes received. By */
  bytes = 0;
  missed = 0;
  replayed = 0;
  duplicates = 0;
  restarts = 0;
  reconnects = 0;
  dropped = 0;
  /** Blocks that were stored over the limit. */
  untrackedByLimit = 0;
  /** Blocks that were removed without having been seen stored. */
  untrackedUnknown = 0;
  readonly #events = new Float64Array(SOURCE_EVENT_TYPES.length);
  readonly #errors = new Float64Array(SOURCE_ERROR_KINDS.length);

  constructor(publisher: string, rank: number) {
    this.publisher = publisher;
    this.rank = rank;
  }

  event(type: SourceEventType, count = 1): void {
    const at = SOURCE_EVENT_TYPES.indexOf(type);
    this.#events[at] = (this.#events[at] as number) + count;
  }

  error(kind: SourceErrorKind, count = 1): void {
    const at = SOURCE_ERROR_KINDS.indexOf(kind);
    this.#errors[at] = (this.#errors[at] as number) + count;
  }

  /** Events so far of one type, or of all. */
  events(type?: SourceEventType): number {
    return type === undefined
      ? sum(this.#events)
      : (this.#events[SOURCE_EVENT_TYPES.indexOf(type)] as number);
  }

  /** Errors so far of one kind, or of all. */
  errors(kind?: SourceErrorKind): number {
    return kind === undefined
      ? sum(this.#errors)
      : (this.#errors[SOURCE_ERROR_KINDS.indexOf(kind)] as number);
  }
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
