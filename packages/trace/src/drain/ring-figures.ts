import { FLOAT, type Ring } from '../ring/layout.js';
import type { LoopState } from '../state.js';

/** What the producer last told of its event loop. */
export function loopOf({ floats }: Ring): LoopState | null {
  const at = (place: number): number => floats[place] as number;
  if (!(at(FLOAT.loopCount) > 0)) return null;
  return {
    p50: at(FLOAT.loopP50),
    p99: at(FLOAT.loopP99),
    max: at(FLOAT.loopMax),
    above: at(FLOAT.loopAbove),
  };
}

/** A figure added up over the rings that have it; null when none has. */
export function sumOf(rings: readonly Ring[], place: number): number | null {
  const told = rings.map(({ floats }) => floats[place] as number).filter((value) => !Number.isNaN(value));
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
}
