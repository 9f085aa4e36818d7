/** Stands for a line that was longer than allowed; its bytes are gone. */
export const TOO_LONG: unique symbol = Symbol('a line that is too long');

const NEWLINE = 0x0a;
const LEAST_BUFFER_BYTES = 4096;

/** Cuts bytes into lines, however they are split into chunks, holding at most one line of the allowed length. */
export class LineSplitter {
  /** Bytes that a line may have before its newline. */
  readonly maxLineBytes: number;
  #buffer = Buffer.alloc(0);
  #held = 0;
  #tooLong = false;

  constructor(maxLineBytes: number) {
    this.maxLineBytes = maxLineBytes;
  }

  /** Bytes allocated for a line that has begun and not ended. By */
  get bufferedBytes(): number {
    return this.#buffer.length;
  }

  /**
   * The lines that end in this chunk, without their newline. A line is valid until the next one is asked for,
   * and the iteration must be taken to its end before the next chunk is pushed.
   */
  *push(chunk: Buffer): Generator<Buffer | typeof TOO_LONG, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  #complete(rest: Buffer): Buffer | typeof TOO_LONG {
    // Most lines lie within one chunk and need no copy.
    const whole = this.#held === 0 && rest.length <= this.maxLineBytes;
    if (!whole) this.#hold(rest);
    const line = whole ? rest : this.#buffer.subarray(0, this.#held);
    const tooLong = this.#tooLong;
    this.#held = 0;
    this.#tooLong = false;
    return tooLong ? TOO_LONG : line;
  }

  #hold(part: Buffer): void {
    const held = this.#held + part.length;
    if (this.#tooLong || held > this.maxLineBytes) {
      this.#tooLong = true;
      this.#held = 0;
      return;
    }
    if (held > this.#buffer.length) this.#grow(held);
    part.copy(this.#buffer, this.#held);
    this.#held = held;
  }

  #grow(least: number): void {
    const doubled = Math.max(least, 2 * this.#buffer.length, LEAST_BUFFER_BYTES);
    const grown = Buffer.allocUnsafe(Math.max(least, Math.min(doubled, this.maxLineBytes)));
    this.#buffer.copy(grown, 0, 0, this.#held);
    this.#buffer = grown;
  }
}
