/** Tokens that one entry of `hash_ids` stands for in the Mooncake format. */
export const BLOCK_TOKENS = 512;

/** One line of a request trace in the Mooncake JSONL format. */
export interface TraceRequest {
  /** When the request arrived: ms from an origin of the trace's own, 0 or more, fractions allowed. */
  readonly timestamp: number;
  /** Tokens of its prompt. {token} */
  readonly inputLength: number;
  /** Tokens that were generated for it. {token} */
  readonly outputLength: number;
  /**
   * The prompt's blocks in order. An id stands for its block and all blocks before it, so that equal ids are
   * equal prefixes; whole numbers from 0 to 2^53 - 1.
   */
  readonly hashIds: readonly number[];
  /** Its line in the trace, from 1. */
  readonly line: number;
}

/** The request as a line of JSON, without the line end. */
export function formatRequest(request: TraceRequest): string {
  return JSON.stringify({
    timestamp: request.timestamp,
    input_length: request.inputLength,
    output_length: request.outputLength,
    hash_ids: request.hashIds,
  });
}
