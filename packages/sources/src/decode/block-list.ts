const LEAST_CAPACITY = 64;

/**
 * Blocks as a batch names them, side by side in typed arrays: 64-bit hashes as two words, so that no bigint is made
 * for a block that is then not published, and never a double. Words are signed: what fits 32 bits with a sign is no
 * object to V8, and what does not is.
 */
export class BlockList {
  length = 0;
  /** Low and high words of the hash; of a named block, of its name's. */
  lo = new Int32Array(LEAST_CAPACITY);
  hi = new Int32Array(LEAST_CAPACITY);
  /** Digest of what else makes the content differ; both words 0 = nothing. */
  saltLo = new Int32Array(LEAST_CAPACITY);
  saltHi = new Int32Array(LEAST_CAPACITY);
  /** Names of the blocks that have one instead of a hash: byte digests as `0x` hex, object keys. Sparse. */
  readonly names: (string | undefined)[] = [];

  /** Adds a block by its hash. */
  push(lo: number, hi: number): void {
    const at = this.length;
    if (at === this.lo.length) this.#grow();
    this.lo[at] = lo;
    this.hi[at] = hi;
    this.saltLo[at] = 0;
    this.saltHi[at] = 0;
    this.length = at + 1;
  }

  /** Adds a block by its name; the words are a hash of it. */
  pushName(name: string, lo: number, hi: number): void {
    while (this.names.length < this.length) this.names.push(undefined);
    this.names.push(name);
    this.push(lo, hi);
  }

  salt(at: number, lo: number, hi: number): void {
    // Two salts of one block make a third; the order in which they come does not matter.
    this.saltLo[at] = (this.saltLo[at] as number) ^ lo;
    this.saltHi[at] = (this.saltHi[at] as number) ^ hi;
  }

  nameAt(at: number): string | undefined {
    return at < this.names.length ? this.names[at] : undefined;
  }

  truncate(length: number): void {
    this.length = length;
    if (this.names.length > length) this.names.length = length;
  }

  #grow(): void {
    const capacity = this.lo.length * 2;
    this.lo = grown(this.lo, capacity);
    this.hi = grown(this.hi, capacity);
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
