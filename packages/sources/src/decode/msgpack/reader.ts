import { LOW } from '../block-list.js';
import { INVALID, TOO_DEEP, TRUNCATED } from '../undecodable.js';
import { LEAST_ELEMENTS, ScalarLanes } from './scalar-lanes.js';
import { SCALAR_SIZES } from './scalar-sizes.js';

const NIL = 0xc0;
const ABSENT = -1;
const MAX_COPIED_BYTES = 4096;

/**
 * Walks msgpack bytes and hands out only what is asked for. The `...Length` methods stand behind their header when
 * the value is of their kind, and answer -1 without moving when it is not.
 *
 * What does not end within the bytes, is no msgpack or nests too deep ends the walk with an `Undecodable`.
 */
export class MsgpackReader {
  /** What is read, and after {@link end} something else. */
  bytes: Uint8Array;
  /** The same bytes. */
  view: DataView;
  position = 0;
  end = 0;
  /** Words of the last integer that {@link integer} read: 64 bits in two's complement, each as a signed integer. */
  lo = 0;
  hi = 0;
  readonly #remaining: Float64Array;
  readonly #lanes = new ScalarLanes();
  readonly #copy = new Uint8Array(MAX_COPIED_BYTES);
  readonly #copyView = new DataView(this.#copy.buffer);

  constructor(maxDepth: number) {
    this.#remaining = new Float64Array(maxDepth + 1);
    this.bytes = this.#copy;
    this.view = this.#copyView;
  }

  read(bytes: Uint8Array): void {
    this.position = 0;
    this.end = bytes.length;
    // A view costs as much to make as copying so many bytes, which in addition brings them near.
    if (bytes.length <= MAX_COPIED_BYTES) {
      this.#copy.set(bytes);
      this.bytes = this.#copy;
      this.view = this.#copyView;
    } else {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
  }

  get atNil(): boolean {
    return this.#first() === NIL;
  }

  arrayLength(): number {
    const first = this.#first();
    if ((first & 0xf0) === 0x90) return this.#header(1, first & 0x0f, 1);
    return first === 0xdc || first === 0xdd ? this.#longHeader(first === 0xdc ? 2 : 4, 1) : ABSENT;
  }

  mapLength(): number {
    const first = this.#first();
    if ((first & 0xf0) === 0x80) return this.#header(1, first & 0x0f, 2);
    return first === 0xde || first === 0xdf ? this.#longHeader(first === 0xde ? 2 : 4, 2) : ABSENT;
  }

  /** Bytes of a string, at whose first byte the reader then stands. */
  stringLength(): number {
    const first = this.#first();
    // The names of fields, in each event a dozen, are all of this form.
    if ((first & 0xe0) === 0xa0) {
      const start = this.position + 1;
      if (start + (first & 0x1f) > this.end) throw TRUNCATED;
      this.position = start;
      return first & 0x1f;
    }
    return first >= 0xd9 && first <= 0xdb ? this.#longHeader(1 << (first - 0xd9), 1) : ABSENT;
  }

  /** Bytes of a bin, at whose first byte the reader then stands. */
  binLength(): number {
    const first = this.#first();
    return first >= 0xc4 && first <= 0xc6 ? this.#longHeader(1 << (first - 0xc4), 1) : ABSENT;
  }

  /** Reads an integer of any width into {@link lo} and {@link hi}; false, without moving, for anything else. */
  integer(): boolean {
    const first = this.#first();
    if (first === 0xcf || first === 0xd3) {
      const at = this.position + 1;
      this.#require(9);
      this.hi = this.view.getInt32(at);
      this.lo = this.view.getInt32(at + 4);
      this.position += 9;
      return true;
    }
    const small = this.#smallInteger(first);
    if (Number.isNaN(small)) return false;
    this.lo = small | 0;
    this.hi = small < 0 ? -1 : 0;
    return true;
  }

  /**
   * Reads integers of 64 bits for as long as they follow one another, and at most `count` of them. Each takes two
   * words of `into`, in the order that memory has them. How many there were.
   */
  longs(count: number, into: Int32Array, at: number): number {
    const { bytes, view } = this;
    const end = Math.min(this.position + 9 * count, this.end - 8);
    let to = at;
    let from = this.position;
    for (; from < end; from += 9, to += 2) {
      const first = bytes[from];
      if (first !== 0xcf && first !== 0xd3) break;
      into[to + LOW] = view.getInt32(from + 5);
      into[to + 1 - LOW] = view.getInt32(from + 1);
    }
    this.position = from;
    return (to - at) / 2;
  }

  /** The number that stands here, rounded to a double; NaN, without moving, for anything else. */
  number(): number {
    const first = this.#first();
    if (first === 0xcb) {
      this.#require(9);
      this.position += 9;
      return this.view.getFloat64(this.position - 8);
    }
    if (first === 0xca) {
      this.#require(5);
      this.position += 5;
      return this.view.getFloat32(this.position - 4);
    }
    if (!this.integer()) return Number.NaN;
    const high = first === 0xcf ? this.hi >>> 0 : this.hi;
    return high * 2 ** 32 + (this.lo >>> 0);
  }

  /** Passes over one value of any kind, without recursion. */
  skip(): void {
    const size = SCALAR_SIZES[this.#first()] as number;
    if (size === 0) this.#skipNested();
    else {
      this.#require(size);
      this.position += size;
    }
  }

  #skipNested(): void {
    const remaining = this.#remaining;
    let depth = 0;
    remaining[0] = 1;
    for (;;) {
      const children = this.#skipHeader();
      if (children > 0) {
        if (++depth === remaining.length) throw TOO_DEEP;
        remaining[depth] = children;
        continue;
      }
      for (;;) {
        const left = (remaining[depth] as number) - 1;
        remaining[depth] = left;
        if (left > 0) break;
        if (depth-- === 0) return;
      }
    }
  }

  /** Passes over the elements of an array; token ids come by the thousand and are scalars. */
  skipElements(count: number): void {
    let left = count;
    while (left >= LEAST_ELEMENTS) {
      const passed = this.#lanes.skip(this, left);
      if (passed === 0) break;
      left -= passed;
    }
    const { bytes, end } = this;
    let at = this.position;
    for (; left > 0; left--) {
      if (at >= end) throw TRUNCATED;
      const first = bytes[at] as number;
      // Integers of 1, 2, 4 and 8 bytes, unsigned and signed: reckoned, since the next step waits for it.
      if (first <= 0x7f) at++;
      else if (first >= 0xcc && first <= 0xd3) at += 1 + (1 << (first & 3));
      else {
        this.position = at;
        this.skip();
        at = this.position;
      }
    }
    if (at > end) throw TRUNCATED;
    this.position = at;
  }

  /** Passes over elements that all are nil; false, without moving, when one is not. The bytes are known to be there. */
  skipNils(count: number): boolean {
    const { bytes } = this;
    const end = this.position + count;
    for (let at = this.position; at < end; at++) if (bytes[at] !== NIL) return false;
    this.position = end;
    return true;
  }

  /** Passes over a scalar, string or bin, or over the header of a container: the number of values it holds. */
  #skipHeader(): number {
    const size = SCALAR_SIZES[this.#first()] as number;
    if (size !== 0) {
      this.#require(size);
      this.position += size;
      return 0;
    }
    let length = this.stringLength();
    if (length === ABSENT) length = this.binLength();
    if (length !== ABSENT) {
      this.position += length;
      return 0;
    }
    length = this.arrayLength();
    if (length !== ABSENT) return length;
    length = this.mapLength();
    if (length !== ABSENT) return 2 * length;
    return this.#skipExtension();
  }

  #skipExtension(): number {
    const first = this.#first();
    if (first < 0xc7 || first > 0xc9) throw INVALID;
    const width = 2 ** (first - 0xc7);
    const length = this.#unsigned(width);
    this.#require(2 + width + length);
    this.position += 2 + width + length;
    return 0;
  }

  #smallInteger(first: number): number {
    const size = SCALAR_SIZES[first] as number;
    if (first <= 0x7f || first >= 0xe0) {
      this.position++;
      return first <= 0x7f ? first : first - 256;
    }
    if (first < 0xcc || first > 0xd2) return Number.NaN;
    const value = this.#unsigned(size - 1);
    this.position += size;
    if (first <= 0xce) return value;
    const shift = 32 - 8 * (size - 1);
    return (value << shift) >> shift;
  }

  /** The big-endian number of up to four bytes behind the first byte. */
  #unsigned(width: number): number {
    this.#require(1 + width);
    let value = 0;
    for (let i = 1; i <= width; i++) value = value * 256 + (this.bytes[this.position + i] as number);
    return value;
  }

  /** Steps over a header whose length takes bytes of its own. */
  #longHeader(width: number, leastBytes: number): number {
    return this.#header(1 + width, this.#unsigned(width), leastBytes);
  }

  /** Steps over a header. Each thing it announces takes at least a byte: a longer announcement is a bomb. */
  #header(size: number, length: number, leastBytes: number): number {
    this.#require(size + length * leastBytes);
    this.position += size;
    return length;
  }

  #first(): number {
    if (this.position >= this.end) throw TRUNCATED;
    return this.bytes[this.position] as number;
  }

  #require(size: number): void {
    if (this.position + size > this.end) throw TRUNCATED;
  }
}
