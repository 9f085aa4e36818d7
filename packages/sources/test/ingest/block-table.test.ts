import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockList } from '../../src/decode/block-list.ts';
import { BlockBudget } from '../../src/ingest/block-budget.ts';
import { BlockTable } from '../../src/ingest/block-table.ts';

const LIMIT = 40;

/** What became of one block: whether it changed, was refused, or was not known. */
const outcome = (table: BlockTable, changes: number) => [changes, table.refused, table.unknown];
const CHANGED = [1, 0, 0];
const COUNTED = [0, 0, 0];
const REFUSED = [0, 1, 0];
const UNKNOWN = [0, 0, 1];

/** Hashes of few slots next to one another, so that gaps must be closed again and again. */
const block = fc.record({
  lo: fc.integer({ min: 0, max: 30 }),
  group: fc.integer({ min: 0, max: 1 }),
  name: fc.constantFrom(undefined, 'a', 'b'),
  tier: fc.integer({ min: 0, max: 2 }),
});
const step = fc.record({ block, does: fc.constantFrom('add', 'add', 'remove', 'remove', 'clear') });

it('agrees with a map of counts, whatever is added, removed and cleared', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const budget = new BlockBudget(LIMIT);
      const table = new BlockTable(budget);
      const model = new Map<string, [number, number, number]>();
      for (const { block, does } of steps) {
        const { tier } = block;
        if (does === 'clear') {
          table.clear(tier);
          for (const [id, counts] of model) {
            counts[tier as 0] = 0;
            if (counts.every((count) => count === 0)) model.delete(id);
          }
          continue;
        }
        const blocks = new BlockList();
        if (block.name === undefined) blocks.push(block.lo, 0);
        else blocks.pushName(block.name, block.lo, 0);
        const id = `${block.lo}/${block.group}/${block.name}`;
        const counts = model.get(id);
        if (does === 'add') {
          const expected =
            counts === undefined && model.size === LIMIT
              ? REFUSED
              : (counts?.[tier as 0] ?? 0) > 0
                ? COUNTED
                : CHANGED;
          expect(outcome(table, table.add(blocks, 0, 1, block.group, tier, false))).toEqual(expected);
          if (expected === REFUSED) continue;
          const added = counts ?? [0, 0, 0];
          added[tier as 0]++;
          model.set(id, added);
        } else {
          const held = counts?.[tier as 0] ?? 0;
          expect(outcome(table, table.remove(blocks, 0, 1, block.group, tier))).toEqual(
            held === 0 ? UNKNOWN : held === 1 ? CHANGED : COUNTED,
          );
          if (counts === undefined || held === 0) continue;
          counts[tier as 0]--;
          if (counts.every((count) => count === 0)) model.delete(id);
        }
      }
      expect(budget.used).toBe(model.size);
      const held = [0, 1, 2].map(
        (tier) => [...model.values()].filter((counts) => (counts[tier] ?? 0) > 0).length,
      );
      expect(table.held).toEqual(held);
    }),
    { numRuns: 300 },
  );
});

it('holds and lets go of 200,000 blocks', () => {
  const table = new BlockTable(new BlockBudget(1_000_000));
  const blocks = new BlockList();
  for (let i = 0; i < 200_000; i++) blocks.push(i, i * 7);
  expect(table.add(blocks, 0, blocks.length, 0, 0, false)).toBe(200_000);
  expect(table.held).toEqual([200_000, 0, 0]);
  expect([...table.changed.subarray(0, 3)]).toEqual([0, 1, 2]);
  expect(table.remove(blocks, 0, blocks.length, 0, 0)).toBe(200_000);
  expect(table.held).toEqual([0, 0, 0]);
});

it('finds, counts and lets go of blocks while they move to a larger array', () => {
  const table = new BlockTable(new BlockBudget(1_000_000));
  const counts = new Map<string, number>();
  let state = 0x2545f491;
  const next = (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  for (let i = 0; i < 30_000; i++) {
    const blocks = new BlockList();
    const lo = next(9_000);
    const name = next(8) === 0 ? 'a' : undefined;
    if (name === undefined) blocks.push(lo, 1);
    else blocks.pushName(name, lo, 1);
    const id = `${lo}/${name}`;
    const count = counts.get(id) ?? 0;
    table.touch(blocks);
    if (next(4) > 0) {
      expect(table.add(blocks, 0, 1, 0, 0, false)).toBe(count === 0 ? 1 : 0);
      counts.set(id, count + 1);
    } else {
      expect(table.remove(blocks, 0, 1, 0, 0)).toBe(count === 1 ? 1 : 0);
      expect(table.unknown).toBe(count === 0 ? 1 : 0);
      counts.set(id, Math.max(0, count - 1));
    }
  }
  const held = [...counts.values()].filter((count) => count > 0).length;
  expect(held).toBeGreaterThan(5_000);
  expect(table.held).toEqual([held, 0, 0]);
  table.clear(0);
  expect(table.held).toEqual([0, 0, 0]);
});

it('counts more references than a slot has room for, also of one list', () => {
  const table = new BlockTable(new BlockBudget(10));
  const blocks = new BlockList();
  for (let i = 0; i < 3000; i++) blocks.push(7, 7);
  expect(table.add(blocks, 0, 3000, 0, 1, false)).toBe(1);
  expect(table.add(blocks, 0, 1, 0, 0, false)).toBe(1);
  expect(table.remove(blocks, 0, 2999, 0, 1)).toBe(0);
  expect(table.held).toEqual([1, 1, 0]);
  expect(table.remove(blocks, 0, 2, 0, 1)).toBe(1);
  expect(table.unknown).toBe(1);
  expect(table.held).toEqual([1, 0, 0]);
  table.add(blocks, 0, 3000, 0, 1, false);
  table.clear(1);
  expect([table.add(blocks, 0, 1, 0, 1, false), table.remove(blocks, 0, 1, 0, 1)]).toEqual([1, 1]);
  expect(table.held).toEqual([1, 0, 0]);
});
