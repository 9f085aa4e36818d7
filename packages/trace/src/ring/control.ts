/*
 * What all producers of a process and their drain agree on: one decision for all threads, in one SharedArrayBuffer.
 */

const BYTES = 256;
const NAME_OFFSET = 128;
const MAX_NAME_BYTES = 64;

const INT = {
  /** Counts up for as long as the drain lives. */
  beat: 0,
  /** One of 2^shift events is recorded. */
  shift: 1,
  viewers: 2,
  /** Counts the beginnings of windows. */
  epoch: 3,
  nameBytes: 4,
} as const;
const START = 8;
const END = 9;

/** A measurement window, by event time. */
export interface TraceWindow {
  readonly epoch: number;
  /** Empty: the whole life of the trace. */
  readonly name: string;
  /** Epoch ms; undefined: from the beginning of the trace. */
  readonly startTime: number | undefined;
  /** Epoch ms; undefined: it goes on. */
  readonly endTime: number | undefined;
}

export class TraceControl {
  readonly buffer: SharedArrayBuffer;
  readonly #ints: Int32Array;
  readonly #floats: Float64Array;
  readonly #name: Uint8Array;

  constructor(buffer = emptyControl()) {
    this.buffer = buffer;
    this.#ints = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
    this.#name = new Uint8Array(buffer, NAME_OFFSET, MAX_NAME_BYTES);
  }

  /** Read for each event, and plainly: it does not matter which event is the first to notice a change. */
  get shift(): number {
    return this.#ints[INT.shift] as number;
  }

  set shift(shift: number) {
    this.#ints[INT.shift] = shift;
  }

  get beat(): number {
    return Atomics.load(this.#ints, INT.beat);
  }

  countBeat(): void {
    Atomics.add(this.#ints, INT.beat, 1);
  }

  get viewers(): number {
    return Atomics.load(this.#ints, INT.viewers);
  }

  set viewers(count: number) {
    Atomics.store(this.#ints, INT.viewers, count);
  }

  startWindow(name: string, startTime: number): void {
    const { written } = new TextEncoder().encodeInto(name, new Uint8Array(MAX_NAME_BYTES));
    this.#name.set(new TextEncoder().encode(name).subarray(0, written));
    this.#ints[INT.nameBytes] = written;
    this.#floats[START] = startTime;
    this.#floats[END] = Number.NaN;
    Atomics.add(this.#ints, INT.epoch, 1);
  }

  finishWindow(endTime: number): void {
    this.#floats[END] = endTime;
  }

  /** Counts the beginnings of windows. */
  get epoch(): number {
    return Atomics.load(this.#ints, INT.epoch);
  }

  /** When the window ended; undefined while it goes on. */
  get endTime(): number | undefined {
    const endTime = this.#floats[END] as number;
    return Number.isFinite(endTime) ? endTime : undefined;
  }

  get window(): TraceWindow {
    const { epoch, endTime } = this;
    const startTime = this.#floats[START] as number;
    return {
      epoch,
      // Copied: a decoder refuses shared bytes.
      name: new TextDecoder().decode(this.#name.slice(0, this.#ints[INT.nameBytes])),
      startTime: Number.isFinite(startTime) ? startTime : undefined,
      endTime,
    };
  }
}

function emptyControl(): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(BYTES);
  new Float64Array(buffer).fill(Number.NaN, START, END + 1);
  return buffer;
}
