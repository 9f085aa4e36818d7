import { L0 } from '../../decode/medium.js';
import type { BlockBudget } from '../block-budget.js';
import type { BlockRun } from '../block-run.js';
import { contentHex } from './content.js';

/** What a physical block holds: a digest of its content, how many of its tokens are there, and who uses it. */
interface PhysicalBlock {
  key: string;
  lo: number;
  hi: number;
  tokens: number;
  readonly owners: Set<string>;
}

/** Content as a request gives it to a block. */
export interface BlockContent {
  readonly lo: number;
  readonly hi: number;
  /** Tokens of the block that are there. {token} */
  readonly tokens: number;
}

/** The device blocks of one engine instance, each with what it holds now. */
export class PhysicalBlocks {
  readonly #blocks = new Map<number, PhysicalBlock>();
  readonly #run: BlockRun;
  readonly #budget: BlockBudget;

  constructor(run: BlockRun, budget: BlockBudget) {
    this.#run = run;
    this.#budget = budget;
  }

  get size(): number {
    return this.#blocks.size;
  }

  has(id: number): boolean {
    return this.#blocks.has(id);
  }

  /**
   * A request shows up in a block. Equal content is a read of it, whether its last owner left or still holds it;
   * other content has taken its place. False when there is no room to remember it.
   */
  enter(id: number, request: string, content: BlockContent): boolean {
    const block = this.#blocks.get(id);
    if (block === undefined) {
      if (!this.#budget.take()) return false;
      this.#store(id, request, content);
      return true;
    }
    if (block.lo === content.lo && block.hi === content.hi && block.tokens === content.tokens) {
      block.owners.add(request);
      this.#run.accessed(L0, block.key);
      return true;
    }
    this.#run.evicted(L0, block.key);
    this.#store(id, request, content);
    return true;
  }

  /** More tokens came to a block that a request fills; nothing, when another request has it by now. */
  grow(id: number, request: string, content: BlockContent): void {
    const block = this.#blocks.get(id);
    if (block === undefined || !block.owners.has(request)) return;
    block.lo = content.lo;
    block.hi = content.hi;
    block.tokens = content.tokens;
  }

  /** A request holds the block no more. @param told whether that was said, or only follows from its age */
  leave(id: number, request: string, told: boolean): void {
    const block = this.#blocks.get(id);
    if (block?.owners.delete(request) !== true) return;
    if (told && block.owners.size === 0) this.#run.released(L0, block.key);
  }

  /** The key names the block by its content at that time: a refill is another block, not the same one come back. */
  #store(id: number, request: string, { lo, hi, tokens }: BlockContent): void {
    const key = `${id}#${contentHex(lo, hi)}`;
    this.#blocks.set(id, { key, lo, hi, tokens, owners: new Set([request]) });
    this.#run.stored(L0, key);
  }
}
