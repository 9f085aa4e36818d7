import { type AttributeValue, type Bus, createSource, type Source } from '@kvscope/core';
import type { JsonObject, JsonValue } from '../decode/json/exact-json.js';
import { asObject } from '../decode/json/json-values.js';

/** Sources that the lines of one stream may name: each is state in the subscribers and a series per metric. */
export const MAX_LINE_SOURCES = 128;
const MAX_NAME_CHARACTERS = 256;
const UNNAMED = '';

/**
 * The sources that lines speak of. A line's `source` is a name, or an object that describes the source the first
 * time: `{name, attributes?, backend?, accesses?, live?}`; later descriptions of a name change nothing. A line
 * without one speaks of the stream's unnamed source.
 */
export class LineSources {
  readonly #bus: Bus;
  readonly #live: boolean | undefined;
  readonly #attributes: Readonly<Record<string, AttributeValue>> | undefined;
  readonly #sources = new Map<string, Source>();

  /**
   * @param live replaces what the descriptions say, as for a recording that is played again
   * @param attributes of the sources whose lines describe none
   */
  constructor(bus: Bus, live: boolean | undefined, attributes?: Readonly<Record<string, AttributeValue>>) {
    this.#bus = bus;
    this.#live = live;
    this.#attributes = attributes;
  }

  /** The source of a line, or why there is none. */
  of(value: JsonValue | undefined): Source | 'malformed_event' | 'too_many_sources' {
    if (value === undefined) return this.#find(UNNAMED, undefined);
    if (typeof value === 'string') return this.#find(value, undefined);
    const description = asObject(value);
    const name = description?.name;
    return typeof name === 'string' ? this.#find(name, description) : 'malformed_event';
  }

  close(): void {
    for (const source of this.#sources.values()) source.close();
  }

  #find(name: string, description: JsonObject | undefined) {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    if (name.length > MAX_NAME_CHARACTERS) return 'malformed_event';
    if (this.#sources.size >= MAX_LINE_SOURCES) return 'too_many_sources';
    const made = this.#make(name, description);
    if (made === undefined) return 'malformed_event';
    this.#sources.set(name, made);
    return made;
  }

  /** `createSource` checks what the description says: a producer's mistake there is ours to count here. */
  #make(name: string, description: JsonObject | undefined): Source | undefined {
    const { attributes, backend, accesses, live } = description ?? {};
    if (accesses !== undefined && typeof accesses !== 'boolean') return undefined;
    if (live !== undefined && typeof live !== 'boolean') return undefined;
    if (backend !== undefined && typeof backend !== 'string') return undefined;
    const given = attributes === undefined ? {} : asObject(attributes);
    if (given === undefined) return undefined;
    const named = name === UNNAMED ? {} : { 'kv_cache.publisher.name': name };
    const assumed = attributes === undefined ? (this.#attributes ?? named) : {};
    try {
      return createSource(
        {
          attributes: { ...assumed, ...(given as Record<string, string>) },
          ...(backend !== undefined && { backend }),
          accesses: accesses ?? true,
          live: this.#live ?? live ?? true,
        },
        this.#bus,
      );
    } catch {
      return undefined;
    }
  }
}
