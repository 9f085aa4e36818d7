import { INVALID, TOO_DEEP } from '../undecodable.js';

/** A value of JSON in which an integer that a double cannot hold is a bigint. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** A string without an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
/** Doubles are written in digits up to 1e21, and a hash has 20 at most; a bigint of a million digits takes minutes to make. */
const MAX_INTEGER_CHARACTERS = 22;

/**
 * Parses JSON without sending integers through a double: `JSON.parse` rounds 64-bit hashes, and on Node 20 its
 * reviver is not shown the text.
 * @param maxDepth how deep arrays and objects may stand in one another
 * @param skipped names of members whose values are passed over and left out, such as lists of tokens
 * @throws Undecodable for anything that is not JSON, or nests deeper
 */
export function parseExactJson(text: string, maxDepth: number, skipped?: ReadonlySet<string>): JsonValue {
  return new Parser(text, maxDepth, skipped ?? NO_NAMES).whole();
}

const NO_NAMES: ReadonlySet<string> = new Set();

class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #skipped: ReadonlySet<string>;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number, skipped: ReadonlySet<string>) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#skipped = skipped;
  }

  whole(): JsonValue {
    const value = this.#value();
    this.#take(SPACE);
    if (this.#at !== this.#text.length) throw INVALID;
    return value;
  }

  #value(): JsonValue {
    this.#take(SPACE);
    const first = this.#text[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"') return this.#string();
    if (first === 't') return this.#word('true', true);
    if (first === 'f') return this.#word('false', false);
    if (first === 'n') return this.#word('null', null);
    return this.#number();
  }

  #object(): JsonObject {
    const members: Record<string, JsonValue> = Object.create(null);
    this.#enter();
    if (!this.#isNext('}')) {
      do {
        this.#take(SPACE);
        const name = this.#string();
        if (!this.#isNext(':')) throw INVALID;
        if (this.#skipped.has(name)) this.#skip();
        else members[name] = this.#value();
      } while (this.#isNext(','));
      if (!this.#isNext('}')) throw INVALID;
    }
    this.#depth--;
    return members;
  }

  #array(): JsonValue[] {
    const items: JsonValue[] = [];
    this.#enter();
    if (!this.#isNext(']')) {
      do items.push(this.#value());
      while (this.#isNext(','));
      if (!this.#isNext(']')) throw INVALID;
    }
    this.#depth--;
    return items;
  }

  /** Passes over a value by its brackets and strings alone; nothing is made of it and nothing recurses. */
  #skip(): void {
    this.#take(SPACE);
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') {
      this.#value();
      return;
    }
    let depth = this.#depth;
    do {
      const next = this.#text[this.#at];
      if (next === undefined) throw INVALID;
      if (next === '"') {
        if (this.#take(STRING) === undefined) throw INVALID;
        continue;
      }
      if (next === '{' || next === '[') depth++;
      else if (next === '}' || next === ']') depth--;
      if (depth > this.#maxDepth) throw TOO_DEEP;
      this.#at++;
    } while (depth > this.#depth);
  }

  #string(): string {
    const plain = this.#take(PLAIN_STRING);
    if (plain !== undefined) return plain.slice(1, -1);
    const escaped = this.#take(STRING);
    if (escaped === undefined) throw INVALID;
    try {
      return JSON.parse(escaped) as string;
    } catch {
      throw INVALID;
    }
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw INVALID;
    this.#at = NUMBER.lastIndex;
    const [text, fraction, exponent] = match;
    const value = Number(text);
    if (fraction !== undefined || exponent !== undefined || Number.isSafeInteger(value)) return value;
    if (text.length > MAX_INTEGER_CHARACTERS) throw INVALID;
    return BigInt(text);
  }

  #word<T extends JsonValue>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw INVALID;
    this.#at += word.length;
    return value;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > this.#maxDepth) throw TOO_DEEP;
  }

  #isNext(character: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }
}
