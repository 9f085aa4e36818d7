import { BLOCK_TOKENS } from '../request-trace/trace-request.js';

/** A conversation whose every prompt begins with all that was said before. */
export class Session {
  /** The whole blocks of the prompts so far. */
  readonly #blocks: number[];
  /** Length of the conversation, the last answer included. {token} */
  #tokens: number;

  /** @param systemPrompt the blocks it begins with */
  constructor(systemPrompt: readonly number[]) {
    this.#blocks = [...systemPrompt];
    this.#tokens = systemPrompt.length * BLOCK_TOKENS;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /**
   * The prompt of the next turn. Its last block, where it is not full, gets an id that no later prompt has: there
   * the block goes on with the answer, and an id stands for the whole content of a block.
   */
  ask(inputTokens: number, newBlock: () => number): { inputLength: number; hashIds: number[] } {
    this.#tokens += inputTokens;
    const wholeBlocks = Math.floor(this.#tokens / BLOCK_TOKENS);
    while (this.#blocks.length < wholeBlocks) this.#blocks.push(newBlock());
    const hashIds = [...this.#blocks];
    if (this.#tokens % BLOCK_TOKENS > 0) hashIds.push(newBlock());
    return { inputLength: this.#tokens, hashIds };
  }

  answer(outputTokens: number): void {
    this.#tokens += outputTokens;
  }
}
