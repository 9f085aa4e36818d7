const BUCKETS = 256;
const CASE_BIT = 0x20;
const NONE = 0;

/**
 * Finds a word by its bytes without making a string of them: field names and tags come by the million and are
 * always the same few. ASCII words only, each of at most 255 bytes; case is ignored on request.
 */
export class WordTable<V> {
  readonly #values: V[] = [];
  /** For each bucket the first of its words, for each word the next one: places in {@link #values} plus one. */
  readonly #first = new Uint8Array(BUCKETS);
  readonly #next: Uint8Array;
  readonly #starts: Uint16Array;
  /** The words behind one another. */
  readonly #bytes: Uint8Array;
  readonly #ignored: number;

  constructor(words: Readonly<Record<string, V>>, ignoreCase = false) {
    this.#ignored = ignoreCase ? CASE_BIT : 0;
    const entries = Object.entries(words);
    this.#next = new Uint8Array(entries.length + 1);
    this.#starts = new Uint16Array(entries.length + 1);
    const text = entries.map(([word]) => word).join('');
    this.#bytes = new TextEncoder().encode(ignoreCase ? text.toLowerCase() : text);
    let start = 0;
    for (const [word, value] of entries) {
      const at = this.#values.push(value);
      const bucket = this.#bucket(this.#bytes, start, word.length);
      this.#next[at] = this.#first[bucket] as number;
      this.#first[bucket] = at;
      start += word.length;
      this.#starts[at] = start;
    }
  }

  find(bytes: Uint8Array, start: number, length: number): V | undefined {
    if (length === 0) return undefined;
    const starts = this.#starts;
    let at = this.#first[this.#bucket(bytes, start, length)] as number;
    for (; at !== NONE; at = this.#next[at] as number) {
      const from = starts[at - 1] as number;
      if ((starts[at] as number) - from === length && this.#same(from, bytes, start, length)) {
        return this.#values[at - 1];
      }
    }
    return undefined;
  }

  #bucket(bytes: Uint8Array, start: number, length: number): number {
    const first = (bytes[start] as number) | this.#ignored;
    const last = (bytes[start + length - 1] as number) | this.#ignored;
    return (length * 7 + first * 3 + last * 5) & (BUCKETS - 1);
  }

  #same(from: number, bytes: Uint8Array, start: number, length: number): boolean {
    const words = this.#bytes;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i] as number;
      // Most are equal as they stand.
      if (byte === words[from + i]) continue;
      if (this.#ignored === 0 || byte < 0x41 || byte > 0x5a || (byte | CASE_BIT) !== words[from + i]) {
        return false;
      }
    }
    return true;
  }
}
