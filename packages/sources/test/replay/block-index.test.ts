import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, BlockIndex } from '../../src/replay/block-index.js';

describe('BlockIndex', () => {
  it('finds what a Map finds, through collisions and removals', () => {
    // Few ids and steps of 2^32 and 2^15, so that places collide and runs wrap round the end of the table.
    const ids = fc
      .tuple(fc.nat(40), fc.constantFrom(1, 1024, 32_768, 2 ** 32, 2 ** 47))
      .map(([times, step]) => times * step);
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 300 }), (touched) => {
        const index = new BlockIndex();
        const map = new Map<number, number>();
        for (const [slot, id] of touched.entries()) {
          if (map.delete(id)) index.remove(id);
          else {
            map.set(id, slot);
            index.add(id, slot);
          }
          for (const other of new Set(touched)) expect(index.find(other)).toBe(map.get(other) ?? ABSENT);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('grows, and keeps its places free under churn', () => {
    const index = new BlockIndex();
    const held = 3000;
    for (let id = 0; id < 100_000; id++) {
      index.add(id, id % held);
      if (id >= held) index.remove(id - held);
    }
    for (let id = 90_000; id < 100_000; id++) {
      expect(index.find(id)).toBe(id >= 100_000 - held ? id % held : ABSENT);
    }
  });
});
