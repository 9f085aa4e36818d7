interface Word<V> {
  readonly bytes: Uint8Array;
  readonly value: V;
}

const BUCKETS = 256;
const CASE_BIT = 0x20;

/**
 * Finds a word by its bytes without making a string of them: field names and tags come by the million and are
 * always the same few. ASCII words only; case is ignored on request.
 */
export class WordTable<V> {
  readonly #buckets: (readonly Word<V>[] | undefined)[] = new Array(BUCKETS);
  readonly #ignored: number;

  constructor(words: Readonly<Record<string, V>>, ignoreCase = false) {
    this.#ignored = ignoreCase ? CASE_BIT : 0;
    for (const [word, value] of Object.entries(words)) {
      const bytes = new TextEncoder().encode(ignoreCase ? word.toLowerCase() : word);
      const bucket = this.#bucket(bytes, 0, bytes.length);
      this.#buckets[bucket] = [...(this.#buckets[bucket] ?? []), { bytes, value }];
    }
  }

  find(bytes: Uint8Array, start: number, length: number): V | undefined {
    if (length === 0) return undefined;
    const words = this.#buckets[this.#bucket(bytes, start, length)];
    if (words === undefined) return undefined;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Word<V>;
      if (word.bytes.length === length && this.#same(word.bytes, bytes, start)) return word.value;
    }
    return undefined;
  }

  #bucket(bytes: Uint8Array, start: number, length: number): number {
    const first = (bytes[start] as number) | this.#ignored;
    const last = (bytes[start + length - 1] as number) | this.#ignored;
    return (length * 7 + first * 3 + last * 5) & (BUCKETS - 1);
  }

  #same(word: Uint8Array, bytes: Uint8Array, start: number): boolean {
    const ignored = this.#ignored;
    for (let i = 0; i < word.length; i++) {
      const byte = bytes[start + i] as number;
      const letter = ignored !== 0 && byte >= 0x41 && byte <= 0x5a;
      if ((letter ? byte | CASE_BIT : byte) !== word[i]) return false;
    }
    return true;
  }
}
