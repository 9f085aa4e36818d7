import type { RequestChunk } from '@kvscope/core';
import { IntervalUnion } from './interval-union.js';

const WORD_BITS = 32;

/** What has arrived of one request. A second chunk with the same index changes nothing. */
export class RequestChunks {
  /** Sum over the chunks. */
  bytes = 0;
  /** When they were sent. */
  readonly sent = new IntervalUnion();
  /** One bit for each index. */
  readonly #seen: number[] = [];
  #received = 0;
  #highestIndex = -1;
  #lastSeen = false;

  add({ index, last, startTime, time, bytes }: RequestChunk): void {
    const word = Math.floor(index / WORD_BITS);
    const bit = 1 << (index % WORD_BITS);
    while (this.#seen.length <= word) this.#seen.push(0);
    if (((this.#seen[word] as number) & bit) !== 0) return;
    this.#seen[word] = (this.#seen[word] as number) | bit;
    this.#received++;
    if (index > this.#highestIndex) this.#highestIndex = index;
    if (last) this.#lastSeen = true;
    this.sent.add(startTime, time);
    this.bytes += bytes;
  }

  /** Whether the last chunk and all before it are there. */
  get complete(): boolean {
    return this.#lastSeen && this.#received === this.#highestIndex + 1;
  }
}
