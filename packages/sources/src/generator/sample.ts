import { fileURLToPath } from 'node:url';
import type { TierCapacities } from '../replay/tiered-lru.js';
import type { GeneratorOptions } from './generator-options.js';

/**
 * What the bundled sample was generated with: a service of 3 requests per second over 17 minutes. Each option is
 * given, so that a new default does not change the sample. `npm run sample` in this package writes it again.
 */
export const SAMPLE_OPTIONS: Required<GeneratorOptions> = Object.freeze({
  requests: 3000,
  seed: 1,
  rate: 3,
  sessions: 200,
  turns: 5,
  systemPrompts: 20,
  systemPromptBlocks: 4,
  inputTokens: 2000,
  outputTokens: 350,
  contextTokens: 131_072,
  zipfExponent: 1,
});

/** Capacities at which each tier of the sample's replay has something to do. {block} */
export const SAMPLE_TIERS: Required<TierCapacities> = Object.freeze({ l0: 200, l1: 2000, l2: 8000 });

/** The bundled sample, gzipped. */
export const SAMPLE_PATH = fileURLToPath(new URL('../../sample/conversation.jsonl.gz', import.meta.url));
