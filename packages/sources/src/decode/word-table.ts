const BUCKETS = 256;
const CASE_BIT = 0x20;
const NONE = 0;
const WORD_BYTES = 4;

/**
 * Finds a word by its bytes without making a string of them: field names and tags come by the million and are
 * always the same few. ASCII words only, each of at most 255 bytes; the case of letters is ignored on request.
 */
export class WordTable<V> {
  readonly #values: V[] = [];
  /** For each bucket the first of its words, for each word the next one: places in {@link #values} plus one. */
  readonly #first = new Uint8Array(BUCKETS);
  readonly #next: Uint8Array;
  readonly #lengths: Uint8Array;
  /** Where the parts of each word begin: see {@link parts}. */
  readonly #starts: Uint16Array;
  readonly #parts: Int32Array;
  /** Bits of each part that are set before it is compared: the case of letters. */
  readonly #cases: Int32Array;

  constructor(words: Readonly<Record<string, V>>, ignoreCase = false) {
    const entries = Object.entries(words);
    this.#next = new Uint8Array(entries.length + 1);
    this.#lengths = new Uint8Array(entries.length + 1);
    this.#starts = new Uint16Array(entries.length + 1);
    const all: number[] = [];
    const cases: number[] = [];
    for (const [word, value] of entries) {
      const at = this.#values.push(value);
      const bytes = Buffer.from(ignoreCase ? word.toLowerCase() : word, 'latin1');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const bucket = bucketOf(view, 0, bytes.length);
      this.#next[at] = this.#first[bucket] as number;
      this.#first[bucket] = at;
      this.#lengths[at] = bytes.length;
      this.#starts[at] = all.length;
      all.push(...parts(view));
      const bits = bytes.map((byte) => (ignoreCase && byte >= 0x61 && byte <= 0x7a ? CASE_BIT : 0));
      cases.push(...parts(new DataView(bits.buffer, bits.byteOffset, bits.length)));
    }
    this.#parts = Int32Array.from(all);
    this.#cases = Int32Array.from(cases);
  }

  find(view: DataView, start: number, length: number): V | undefined {
    if (length === 0) return undefined;
    let at = this.#first[bucketOf(view, start, length)] as number;
    for (; at !== NONE; at = this.#next[at] as number) {
      if (this.#lengths[at] === length && this.#same(at, view, start, length)) return this.#values[at - 1];
    }
    return undefined;
  }

  #same(at: number, view: DataView, start: number, length: number): boolean {
    const parts = this.#parts;
    const cases = this.#cases;
    let part = this.#starts[at] as number;
    if (length < WORD_BYTES) {
      for (let i = start; i < start + length; i++, part++) {
        if ((view.getUint8(i) | (cases[part] as number)) !== parts[part]) return false;
      }
      return true;
    }
    const last = start + length - WORD_BYTES;
    for (let i = start; i < last; i += WORD_BYTES, part++) {
      if ((view.getInt32(i) | (cases[part] as number)) !== parts[part]) return false;
    }
    return (view.getInt32(last) | (cases[part] as number)) === parts[part];
  }
}

/** The case of letters makes no difference to the bucket. */
function bucketOf(view: DataView, start: number, length: number): number {
  const first = view.getUint8(start) | CASE_BIT;
  const last = view.getUint8(start + length - 1) | CASE_BIT;
  return (length * 7 + first * 3 + last * 5) & (BUCKETS - 1);
}

/** What a word is compared by: four bytes at a time, the last four overlapping; each byte of a shorter one. */
function parts(view: DataView): number[] {
  const length = view.byteLength;
  if (length < WORD_BYTES) return Array.from({ length }, (_, i) => view.getUint8(i));
  const last = length - WORD_BYTES;
  const found = Array.from({ length: Math.ceil(last / WORD_BYTES) }, (_, i) => view.getInt32(i * WORD_BYTES));
  return [...found, view.getInt32(last)];
}
