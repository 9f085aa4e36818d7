import type { Clock, SourceErrorKind } from '@kvscope/core';
import { LineSplitter, TOO_LONG } from '../request-trace/line-splitter.js';

/** What takes lines: the ingest of our own events, or that of allocation reports. */
export interface LineConsumer {
  /** Takes one line without its line end. @param arrivedTime epoch ms */
  apply(line: Uint8Array, arrivedTime: number): void;
  /** Counts a line that could not be had. */
  refuse(kind: SourceErrorKind): void;
}

const NEWLINE = Buffer.from('\n');

/** Cuts one stream of bytes into lines and hands them on at once: nothing queues here but a line's beginning. */
export class LineFeed {
  readonly #consumer: LineConsumer;
  readonly #clock: Clock;
  readonly #splitter: LineSplitter;

  /** @param maxLineBytes longer lines are refused and counted. By */
  constructor(consumer: LineConsumer, clock: Clock, maxLineBytes: number) {
    this.#consumer = consumer;
    this.#clock = clock;
    this.#splitter = new LineSplitter(maxLineBytes);
  }

  push(chunk: Buffer): void {
    const now = this.#clock.now();
    for (const line of this.#splitter.push(chunk)) {
      if (line === TOO_LONG) this.#consumer.refuse('oversized');
      else this.#consumer.apply(line, now);
    }
  }

  /** The stream is over: what has no line end is a line all the same. */
  end(): void {
    this.push(NEWLINE);
  }
}
