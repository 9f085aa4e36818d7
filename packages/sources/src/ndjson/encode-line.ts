import type { BlockKey, EventMap, EventName, Source } from '@kvscope/core';
import { lineKey } from './line-key.js';

/**
 * Writes events of the bus as lines of JSON. A source is described in full on the first line that speaks of it, and
 * by its name after that.
 */
export class EventLineEncoder {
  readonly #names = new WeakMap<Source, string>();
  #sources = 0;

  /** The line, without its line end. */
  encode<T extends EventName>(type: T, event: EventMap[T]): string {
    const { time, source, ...fields } = event as EventMap[EventName] & { keys?: readonly BlockKey[] };
    const keys = fields.keys === undefined ? undefined : { keys: fields.keys.map(lineKey) };
    return JSON.stringify({ event: type, ...fields, ...keys, time, source: this.#source(source) });
  }

  #source(source: Source): unknown {
    const known = this.#names.get(source);
    if (known !== undefined) return known;
    const name = `source-${++this.#sources}`;
    this.#names.set(source, name);
    const { attributes, backend, accesses, live } = source;
    return { name, attributes, ...(backend !== undefined && { backend }), accesses, live };
  }
}
