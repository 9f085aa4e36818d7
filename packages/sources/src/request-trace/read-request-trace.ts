import { constants, isUtf8 } from 'node:buffer';
import { integerOption } from '@kvscope/core';
import { LineSplitter, TOO_LONG } from './line-splitter.js';
import { parseRequest } from './parse-request.js';
import { type TraceInput, traceBytes } from './trace-bytes.js';
import { type MalformedLine, TraceFormatError, TraceReadError } from './trace-errors.js';
import type { TraceRequest } from './trace-request.js';

export interface ReadRequestTraceOptions {
  /** What messages call the input. Default: the path; for a stream `-`. */
  readonly file?: string;
  /** Throw at the first malformed line. Default: false, it is reported, counted and skipped. */
  readonly strict?: boolean;
  /** Bytes that a line may have; a longer one is malformed. 1 to 536,870,888, default 16 MiB. */
  readonly maxLineBytes?: number;
  /** Told of each malformed line, unless strict. */
  readonly onMalformed?: (malformed: MalformedLine) => void;
  /** Told how many bytes of the input have been read in all: compressed ones for gzip. */
  readonly onProgress?: (bytesRead: number) => void;
  /** Ends the reading: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A request trace that is being read. It can be iterated once; nothing is opened before. */
export interface RequestTrace extends AsyncIterable<TraceRequest> {
  /** Lines so far that were not usable. {line} */
  readonly malformed: number;
  /** Bytes of the input read so far: compressed ones for gzip. By */
  readonly bytesRead: number;
}

const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;
const BYTE_ORDER_MARK = 0xfeff;
const NEWLINE = Buffer.from('\n');

/**
 * Reads a trace in the Mooncake JSONL format (`timestamp` ms, `input_length`, `output_length`, `hash_ids`; other
 * fields ignored), in the order of its lines and in constant memory. Gzip is recognised by its first bytes.
 * Blank lines, CRLF and a byte order mark are fine.
 *
 * Iterating throws {@link TraceReadError} when the bytes cannot be had or their gzip is broken, and
 * {@link TraceFormatError} at a malformed line when `strict`.
 * @throws RangeError when an option is outside its range
 */
export function readRequestTrace(input: TraceInput, options: ReadRequestTraceOptions = {}): RequestTrace {
  const reading = new Reading(input, options);
  const requests = reading.requests();
  return {
    get malformed() {
      return reading.malformed;
    },
    get bytesRead() {
      return reading.bytesRead;
    },
    [Symbol.asyncIterator]: () => requests,
  };
}

class Reading {
  malformed = 0;
  bytesRead = 0;
  readonly #input: TraceInput;
  readonly #options: ReadRequestTraceOptions;
  readonly #file: string;
  readonly #splitter: LineSplitter;
  #line = 0;

  constructor(input: TraceInput, options: ReadRequestTraceOptions) {
    const { maxLineBytes } = options;
    // A line becomes one string.
    const most = constants.MAX_STRING_LENGTH;
    this.#splitter = new LineSplitter(
      integerOption('maxLineBytes', maxLineBytes, DEFAULT_MAX_LINE_BYTES, 1, most),
    );
    this.#input = input;
    this.#options = options;
    this.#file = options.file ?? (typeof input === 'string' ? input : '-');
  }

  async *requests(): AsyncGenerator<TraceRequest, void, undefined> {
    const { signal, onProgress } = this.#options;
    let reported = 0;
    for await (const chunk of this.#chunks()) {
      if (this.bytesRead > reported) {
        reported = this.bytesRead;
        onProgress?.(reported);
      }
      for (const line of this.#splitter.push(chunk)) {
        this.#line++;
        const request = this.#requestOf(line);
        if (typeof request === 'string') this.#refuse(request);
        else if (request !== undefined) yield request;
        signal?.throwIfAborted();
      }
    }
  }

  async *#chunks(): AsyncGenerator<Buffer, void, undefined> {
    const { signal } = this.#options;
    try {
      yield* traceBytes(
        this.#input,
        (bytes) => {
          this.bytesRead += bytes;
        },
        signal,
      );
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw error;
      throw new TraceReadError(this.#file, error);
    }
    // Ends a last line that has no newline; after one that has, it is one more blank line.
    yield NEWLINE;
  }

  /** The request on the line, nothing for a blank line, or what is wrong with it. */
  #requestOf(line: Buffer | typeof TOO_LONG): TraceRequest | string | undefined {
    if (line === TOO_LONG) return `longer than ${this.#splitter.maxLineBytes} bytes`;
    if (!isUtf8(line)) return 'not valid UTF-8';
    let text = line.toString('utf8');
    if (this.#line === 1 && text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
    return text.trim() === '' ? undefined : parseRequest(text, this.#line);
  }

  #refuse(reason: string): void {
    const malformed = { file: this.#file, line: this.#line, reason };
    this.malformed++;
    if (this.#options.strict === true) throw new TraceFormatError(malformed);
    this.#options.onMalformed?.(malformed);
  }
}
