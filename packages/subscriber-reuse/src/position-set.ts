/** A set of positions that counts those up to one of them: 32 to a word, and sums of words in a binary indexed tree. */
export class PositionSet {
  readonly #words: Int32Array;
  /** P. Fenwick, Software: Practice and Experience 24(3), 1994: sum i is that of the lowest set bit of i words. */
  readonly #sums: Int32Array;

  /** @param positions how many there may be, from 0 */
  constructor(positions: number) {
    this.#words = new Int32Array(Math.ceil(positions / 32));
    this.#sums = new Int32Array(this.#words.length + 1);
  }

  has(position: number): boolean {
    return (((this.#words[position >>> 5] as number) >>> (position & 31)) & 1) === 1;
  }

  /** Adds a position that is not there. */
  add(position: number): void {
    this.#flip(position, 1);
  }

  /** Removes a position that is there. */
  remove(position: number): void {
    this.#flip(position, -1);
  }

  /** How many there are from 0 up to `position`, that one included. */
  upTo(position: number): number {
    const word = position >>> 5;
    let count = bitsOf((this.#words[word] as number) << (31 - (position & 31)));
    for (let i = word; i > 0; i &= i - 1) count += this.#sums[i] as number;
    return count;
  }

  #flip(position: number, change: number): void {
    const word = position >>> 5;
    this.#words[word] = (this.#words[word] as number) ^ (1 << (position & 31));
    const sums = this.#sums;
    for (let i = word + 1; i < sums.length; i += i & -i) sums[i] = (sums[i] as number) + change;
  }
}

/** How many bits of 32 are set: sums of neighbouring pairs, fours and eights, then of all four bytes. */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
