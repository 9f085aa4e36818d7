import type { Source } from '@kvscope/core';
import type { AllocationRecord } from '../../decode/allocations/allocation-report.js';
import type { BlockRun } from '../block-run.js';
import { ContentDigest } from './content.js';
import type { PhysicalBlocks } from './physical-blocks.js';

interface OpenRequest {
  readonly content: ContentDigest;
  /** Its physical blocks in order: the i-th holds its tokens from i * block size on. */
  readonly blocks: number[];
  /** Blocks whose content is known, the first ones. */
  entered: number;
  /** When it was heard of last. Epoch ms */
  time: number;
}

const MAX_BLOCKS_OF_REQUEST = 2 ** 20;

/** One engine instance's requests and the blocks they fill. */
export class InstanceAllocations {
  readonly source: Source;
  readonly run: BlockRun;
  readonly #blocks: PhysicalBlocks;
  readonly #maxRequests: number;
  readonly #requests = new Map<string, OpenRequest>();
  /** Blocks that could not be remembered. {block} */
  refused = 0;

  constructor(source: Source, run: BlockRun, blocks: PhysicalBlocks, maxRequests: number) {
    this.source = source;
    this.run = run;
    this.#blocks = blocks;
    this.#maxRequests = maxRequests;
  }

  get requests(): number {
    return this.#requests.size;
  }

  allocated({ requestId, blocks, tokens }: AllocationRecord, blockTokens: number, time: number): void {
    const request = this.#open(requestId, time);
    for (const id of blocks) if (request.blocks.length < MAX_BLOCKS_OF_REQUEST) request.blocks.push(id);
    const { content } = request;
    for (const token of tokens) {
      content.add(token);
      if (content.tokens % blockTokens === 0) this.#settle(requestId, request, blockTokens, blockTokens);
    }
    const partial = content.tokens % blockTokens;
    if (partial !== 0 && tokens.length > 0) this.#settle(requestId, request, partial, blockTokens);
    this.#enterEmpty(requestId, request);
  }

  /** Whether it was there. */
  released(requestId: string): boolean {
    return this.#close(requestId, true);
  }

  /** Lets go of requests whose end never came. */
  forgetSilentSince(time: number): void {
    for (const [id, request] of this.#requests) {
      if (request.time >= time) return;
      this.#close(id, false);
    }
  }

  #open(id: string, time: number): OpenRequest {
    const request = this.#requests.get(id) ?? { content: new ContentDigest(), blocks: [], entered: 0, time };
    request.time = time;
    // The map's order is that of the last report, so that the silent ones come first.
    this.#requests.delete(id);
    this.#requests.set(id, request);
    if (this.#requests.size > this.#maxRequests) {
      for (const oldest of this.#requests.keys()) {
        this.#close(oldest, false);
        break;
      }
    }
    return request;
  }

  /** The block that the newest token went to now has `tokens` of them. */
  #settle(id: string, request: OpenRequest, tokens: number, blockTokens: number): void {
    const index = Math.ceil(request.content.tokens / blockTokens) - 1;
    const block = request.blocks[index];
    if (block === undefined) return;
    const { lo, hi } = request.content;
    if (index < request.entered) this.#blocks.grow(block, id, { lo, hi, tokens });
    else {
      if (!this.#blocks.enter(block, id, { lo, hi, tokens })) this.refused++;
      request.entered = index + 1;
    }
  }

  /**
   * Blocks that were allocated ahead of their tokens. One that was never seen is stored, whatever will be in it; for
   * one that holds something, its content decides when it comes.
   */
  #enterEmpty(id: string, request: OpenRequest): void {
    const { lo, hi } = request.content;
    for (let i = request.entered; i < request.blocks.length; i++) {
      const block = request.blocks[i] as number;
      if (this.#blocks.has(block)) return;
      if (!this.#blocks.enter(block, id, { lo, hi, tokens: 0 })) this.refused++;
      request.entered = i + 1;
    }
  }

  #close(id: string, told: boolean): boolean {
    const request = this.#requests.get(id);
    if (request === undefined) return false;
    this.#requests.delete(id);
    for (let i = 0; i < request.entered; i++) this.#blocks.leave(request.blocks[i] as number, id, told);
    return true;
  }
}
