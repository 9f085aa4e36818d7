import type { TraceRequest } from '../../src/request-trace/trace-request.js';

/** The bytes in chunks of the given sizes, then the rest; counts how much of them was asked for. */
export class ChunkedBytes implements AsyncIterable<Uint8Array> {
  pulled = 0;
  readonly #bytes: Buffer;
  readonly #sizes: Iterable<number>;

  constructor(bytes: Buffer, sizes: Iterable<number> = []) {
    this.#bytes = bytes;
    this.#sizes = sizes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const size of this.#sizes) {
      const chunk = this.#bytes.subarray(start, start + size);
      if (chunk.length === 0) break;
      start += size;
      this.pulled += chunk.length;
      yield chunk;
    }
    this.pulled += this.#bytes.length - start;
    yield this.#bytes.subarray(start);
  }
}

export function* every(size: number): Generator<number> {
  for (;;) yield size;
}

export async function collect(requests: AsyncIterable<TraceRequest>): Promise<TraceRequest[]> {
  const collected: TraceRequest[] = [];
  for await (const request of requests) collected.push(request);
  return collected;
}

export function jsonLine(timestamp: number, hashIds: readonly number[] = [1]): string {
  return JSON.stringify({ timestamp, input_length: 7, output_length: 3, hash_ids: hashIds });
}
