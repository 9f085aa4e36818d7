import { EVERY_TIER, L0, type TierIndex } from '../medium.js';

/** What two publishers mean differently by the same bytes. */
export interface Dialect {
  /** Milliseconds in one unit of the batch's time. */
  readonly timeUnitMs: number;
  /** The tier of a remove that names no medium. */
  readonly untaggedRemove: TierIndex;
  /** Sequence number of the first batch that a publisher sends. */
  readonly firstSequence: 0 | 1;
  /** Whether events are those of a Mooncake master. */
  readonly objects: boolean;
}

/** ATOM and llm-d-sim speak as vLLM does. */
export const DIALECTS = {
  vllm: { timeUnitMs: 1000, untaggedRemove: L0, firstSequence: 0, objects: false },
  sglang: { timeUnitMs: 1000, untaggedRemove: EVERY_TIER, firstSequence: 0, objects: false },
  mooncake: { timeUnitMs: 1, untaggedRemove: L0, firstSequence: 1, objects: true },
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.freeze(Object.keys(DIALECTS) as DialectName[]);
