import type { MsgpackReader } from './reader.js';
import { SCALAR_SIZES } from './scalar-sizes.js';

/** Elements that a walk in lanes is worth its beginning for. */
export const LEAST_ELEMENTS = 64;
const LANES = 4;
/** Bytes that an element of 16 bits takes, the smallest that a lane begins at. */
const LEAST_SIZE = 3;
/** The last lane would else walk past the end of every other list. */
const CAUTION = 0.97;
/** How far from where a lane would best begin an element is looked for. {byte} */
const SEARCHED = 16;
/** Behind the end of any payload. {byte} */
const FAR = 2 ** 29;

/** Bytes to the next value; {@link FAR} where the first byte does not tell. */
const STEPS = Int32Array.from(SCALAR_SIZES, (size) => (size === 0 ? FAR : size));

/**
 * Passes over long lists of scalars in four places at once: each step waits for the byte that the one before led to, and
 * so do four of them side by side. Where the later lanes begin is guessed, and what they passed over counts only if the
 * lane before arrives at just that byte.
 */
export class ScalarLanes {
  /** Bytes that an element took in the list before, on average. */
  #size = LEAST_SIZE;

  /** Passes over at most `count` elements; how many, and 0 without moving where the guesses were wrong. */
  skip(reader: MsgpackReader, count: number): number {
    const { bytes, position, end } = reader;
    const stride = Math.floor((count * this.#size * CAUTION) / LANES);
    this.#size = LEAST_SIZE;
    const second = likelyStart(bytes, position + stride, end);
    const third = likelyStart(bytes, position + 2 * stride, end);
    const fourth = likelyStart(bytes, position + 3 * stride, end);
    if (second < 0 || third < 0 || fourth < 0) return 0;
    let a = position;
    let b = second;
    let c = third;
    let d = fourth;
    let steps = 0;
    for (; a < second && b < third && c < fourth && d < end; steps++) {
      a += STEPS[bytes[a] as number] as number;
      b += STEPS[bytes[b] as number] as number;
      c += STEPS[bytes[c] as number] as number;
      d += STEPS[bytes[d] as number] as number;
    }
    let passed = 3 * steps + stepsTo(second, bytes, a) + stepsTo(third, bytes, b) + stepsTo(fourth, bytes, c);
    if (passed + steps <= count && d <= end) passed += steps;
    else d = fourth;
    if (!(passed <= count)) return 0;
    this.#size = (d - position) / passed;
    reader.position = d;
    return passed;
  }
}

/** Where two integers of 16 or 32 bits seem to follow one another; -1 where nothing looks like it. */
function likelyStart(bytes: Uint8Array, from: number, end: number): number {
  const last = Math.min(from + SEARCHED, end - 2 * LEAST_SIZE);
  for (let at = from; at < last; at++) {
    const first = bytes[at] as number;
    if (isWord(first) && isWord(bytes[at + (STEPS[first] as number)] as number)) return at;
  }
  return -1;
}

function isWord(first: number): boolean {
  return first === 0xcd || first === 0xce;
}

/** Elements from `from` up to `to`; NaN when none begins there. */
function stepsTo(to: number, bytes: Uint8Array, from: number): number {
  let steps = 0;
  let at = from;
  for (; at < to; steps++) at += STEPS[bytes[at] as number] as number;
  return at === to ? steps : Number.NaN;
}
