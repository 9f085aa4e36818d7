import { type Source, TIERS } from '@kvscope/core';
import { FLOAT, type Ring } from './ring/layout.js';

/** Puts what the sources of this thread hold into the ring's control block. */
export function writeOccupancy(sources: ReadonlySet<Source>, { floats }: Ring): void {
  const resident = [Number.NaN, Number.NaN, Number.NaN];
  const limit = [Number.NaN, Number.NaN, Number.NaN];
  const add = (to: number[], at: number, blocks: number): void => {
    const before = to[at] as number;
    to[at] = Number.isNaN(before) ? blocks : before + blocks;
  };
  for (const source of sources) {
    for (const { tier, evictable, pinned, unknown, capacity } of source.occupancy?.().tiers ?? []) {
      const at = TIERS.indexOf(tier);
      if (at < 0) continue;
      add(resident, at, evictable + pinned + unknown);
      if (capacity !== undefined) add(limit, at, capacity);
    }
  }
  floats.set(resident, FLOAT.resident);
  floats.set(limit, FLOAT.limit);
}
