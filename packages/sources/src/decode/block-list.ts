const LEAST_CAPACITY = 64;

/** Which of the two words of a 64-bit number in memory is the low one. */
export const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/**
 * Blocks as a batch names them, side by side in typed arrays: 64-bit hashes as two words, so that no bigint is made
 * for a block that is then not published, and never a double. Words are signed: what fits 32 bits with a sign is no
 * object to V8, and what does not is.
 */
export class BlockList {
  length = 0;
  /** Whether all blocks are told by their hash and group alone: none has a salt or a name. */
  plain = true;
  /** Two words for each hash, or a named block's for its name's, {@link LOW} telling the low one. */
  words = new Int32Array(2 * LEAST_CAPACITY);
  /** The same memory as hashes. */
  hashes = new BigUint64Array(this.words.buffer);
  /** Digest of what else makes the content differ; both words 0 = nothing. */
  saltLo = new Int32Array(LEAST_CAPACITY);
  saltHi = new Int32Array(LEAST_CAPACITY);
  /** Names of the blocks that have one instead of a hash: byte digests as `0x` hex, object keys. Sparse. */
  readonly names: (string | undefined)[] = [];

  loAt(at: number): number {
    return this.words[2 * at + LOW] as number;
  }

  hiAt(at: number): number {
    return this.words[2 * at + HIGH] as number;
  }

  nameAt(at: number): string | undefined {
    return at < this.names.length ? this.names[at] : undefined;
  }

  /** Adds a block by its hash. */
  push(lo: number, hi: number): void {
    this.reserve(1);
    const at = 2 * this.length;
    this.words[at + LOW] = lo;
    this.words[at + HIGH] = hi;
    this.length++;
  }

  /** Adds a block by its name; the words are a hash of it. */
  pushName(name: string, lo: number, hi: number): void {
    this.plain = false;
    while (this.names.length < this.length) this.names.push(undefined);
    this.names.push(name);
    this.push(lo, hi);
  }

  salt(at: number, lo: number, hi: number): void {
    this.plain = false;
    // Two salts of one block make a third; the order in which they come does not matter.
    this.saltLo[at] = (this.saltLo[at] as number) ^ lo;
    this.saltHi[at] = (this.saltHi[at] as number) ^ hi;
  }

  /** Gives a block the salt of the one that it turned out to be. */
  resalt(at: number, lo: number, hi: number): void {
    if (this.saltLo[at] === lo && this.saltHi[at] === hi) return;
    this.plain = false;
    this.saltLo[at] = lo;
    this.saltHi[at] = hi;
  }

  truncate(length: number): void {
    if (!this.plain) {
      this.saltLo.fill(0, length, this.length);
      this.saltHi.fill(0, length, this.length);
      if (this.names.length > length) this.names.length = length;
      this.plain = length === 0;
    }
    this.length = length;
  }

  /** Makes room for so many blocks more. */
  reserve(count: number): void {
    let capacity = this.hashes.length;
    if (this.length + count <= capacity) return;
    while (capacity < this.length + count) capacity *= 2;
    this.words = grown(this.words, 2 * capacity);
    this.hashes = new BigUint64Array(this.words.buffer);
    this.saltLo = grown(this.saltLo, capacity);
    this.saltHi = grown(this.saltHi, capacity);
  }
}

/** The same words in an array with room for `capacity`. */
export function grown(words: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(words);
  return larger;
}
