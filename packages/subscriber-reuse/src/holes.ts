const WORD_BITS = 32;

/**
 * Positions that were left, and how many of them lie behind another one: 32 to a word, and a complete binary tree of
 * how many there are below the right half of each node. All words are equally deep, so that a walk takes the same
 * turns whatever the position is, which a processor guesses right.
 */
export class Holes {
  readonly #words: Int32Array;
  /** Of all words at 1, of their halves at 2 and 3, and so on: how many holes the right half of these has. */
  readonly #rights: Int32Array;

  /** @param positions how many there may be, from 0 */
  constructor(positions: number) {
    const words = 2 ** Math.ceil(Math.log2(Math.max(1, positions / WORD_BITS)));
    this.#words = new Int32Array(words);
    this.#rights = new Int32Array(words);
  }

  /** Makes a hole of a position that is none. @returns how many holes lie behind it */
  add(position: number): number {
    const words = this.#words;
    const rights = this.#rights;
    let node = position >>> 5;
    const word = words[node] as number;
    words[node] = word | (1 << (position & 31));
    let behind = holesBehind(word, position);
    for (node += words.length; node > 1; node >>>= 1) {
      // A right half has one more; a left one has all of the right one behind it. Without a branch: it would be a guess.
      const isRight = node & 1;
      const ofRight = rights[node >>> 1] as number;
      behind += ofRight & (isRight - 1);
      rights[node >>> 1] = ofRight + isRight;
    }
    return behind;
  }

  /** How many holes lie behind a position. */
  behind(position: number): number {
    let node = position >>> 5;
    let behind = holesBehind(this.#words[node] as number, position);
    for (node += this.#words.length; node > 1; node >>>= 1) {
      behind += (this.#rights[node >>> 1] as number) & ((node & 1) - 1);
    }
    return behind;
  }

  /** Forgets all. */
  clear(): void {
    this.#words.fill(0);
    this.#rights.fill(0);
  }
}

function holesBehind(word: number, position: number): number {
  return bitsOf((word >>> (position & 31)) >>> 1);
}

/** How many bits of 32 are set: sums of neighbouring pairs, fours and eights, then of all four bytes. */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
