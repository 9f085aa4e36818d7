import { integerOption, numberOption, requireThat } from '@kvscope/core';
import { BLOCK_TOKENS } from '../request-trace/trace-request.js';

/** What a generated trace looks like. Each combination within the ranges is a valid trace. */
export interface GeneratorOptions {
  /** Requests in the trace. {request}, 0 to 1e9, default 1000 */
  readonly requests?: number;
  /** Another seed gives another trace of the same kind. 0 to 2^32 - 1, default 0 */
  readonly seed?: number;
  /** Requests per second; their gaps are those of a Poisson process. {request}/s, 1e-6 to 1e6, default 3 */
  readonly rate?: number;
  /** Sessions that are open at a time; a request is the next turn of one of them. 1 to 1e6, default 200 */
  readonly sessions?: number;
  /** Mean turns of a session, geometrically distributed; then a new one takes its place. 1 to 1e6, default 5 */
  readonly turns?: number;
  /** System prompts that there are. A session begins with one of them; 0: with none. 0 to 1e6, default 20 */
  readonly systemPrompts?: number;
  /** Length of each system prompt. {block} of 512 tokens, 1 to 1000, default 4 */
  readonly systemPromptBlocks?: number;
  /** Mean tokens that a turn adds to its prompt, exponentially distributed. {token}, 1 to 1e6, default 2000 */
  readonly inputTokens?: number;
  /**
   * Mean tokens of an answer, exponentially distributed; the next turn's prompt holds it. {token}, 1 to 1e6,
   * default 350
   */
  readonly outputTokens?: number;
  /**
   * Longest prompt; a session whose next one would be longer ends before. {token}, more than a system prompt, to 1e7,
   * default 131,072
   */
  readonly contextTokens?: number;
  /** Exponent of the Zipf popularity of system prompts and of open sessions; 0: all alike. 0 to 10, default 1 */
  readonly zipfExponent?: number;
}

/** @throws RangeError for a value outside its range; the message names the option */
export function generatorSettings(options: GeneratorOptions): Required<GeneratorOptions> {
  const settings = {
    requests: integerOption('requests', options.requests, 1000, 0, 1e9),
    seed: integerOption('seed', options.seed, 0, 0, 2 ** 32 - 1),
    rate: numberOption('rate', options.rate, 3, 1e-6, 1e6),
    sessions: integerOption('sessions', options.sessions, 200, 1, 1e6),
    turns: numberOption('turns', options.turns, 5, 1, 1e6),
    systemPrompts: integerOption('systemPrompts', options.systemPrompts, 20, 0, 1e6),
    systemPromptBlocks: integerOption('systemPromptBlocks', options.systemPromptBlocks, 4, 1, 1000),
    inputTokens: numberOption('inputTokens', options.inputTokens, 2000, 1, 1e6),
    outputTokens: numberOption('outputTokens', options.outputTokens, 350, 1, 1e6),
    contextTokens: integerOption('contextTokens', options.contextTokens, 131_072, 1, 1e7),
    zipfExponent: numberOption('zipfExponent', options.zipfExponent, 1, 0, 10),
  };
  const promptTokens = settings.systemPrompts > 0 ? settings.systemPromptBlocks * BLOCK_TOKENS : 0;
  requireThat(
    settings.contextTokens > promptTokens,
    'contextTokens',
    settings.contextTokens,
    `more than the ${promptTokens} tokens of a system prompt`,
  );
  return settings;
}
