import { describe, expect, it } from 'vitest';
import { BlockIndex } from '../src/block-index.ts';
import { BlockRecords, NONE, WORD, wordsAt } from '../src/records.ts';

const MANY = 60_000;

function setup() {
  const records = new BlockRecords();
  const index = new BlockIndex(records);
  /** Adds a block; by the hash of its words, unless another one is given. */
  const add = (low: number, high: number, hash = index.hash(low, high, 0)) => {
    const record = records.take();
    const found = index.findOrAdd(hash, low, high, 0, record);
    if (found !== record) {
      records.give(record);
      return found;
    }
    const { i32 } = records.chunkOf(record);
    i32[wordsAt(record) + WORD.low] = low;
    i32[wordsAt(record) + WORD.high] = high;
    i32[wordsAt(record) + WORD.identity] = 0;
    i32[wordsAt(record) + WORD.state] = 1;
    return record;
  };
  const find = (low: number, high: number) => index.find(index.hash(low, high, 0), low, high, 0);
  return { records, index, add, find };
}

describe('as it grows past many tables and chunks', () => {
  const { records, index, add, find } = setup();
  const added = Array.from({ length: MANY }, (_, i) => add(i, -i | 0));

  it('gives each block a record of its own, and finds it', () => {
    expect(new Set(added).size).toBe(MANY);
    expect(added.every((record, i) => find(i, -i | 0) === record)).toBe(true);
  });

  it('adds none twice', () => {
    expect(add(7, -7)).toBe(added[7]);
  });

  it('finds nothing that was not added', () => {
    for (let i = 0; i < MANY; i++) expect(find(i, i + 1)).toBe(NONE);
  });

  it('finds those that are left after every other one has gone', () => {
    for (let i = 0; i < MANY; i += 2) {
      index.remove(added[i] as number);
      records.give(added[i] as number);
    }
    const expected = added.map((record, i) => (i % 2 === 0 ? NONE : record));
    expect(added.map((_, i) => find(i, -i | 0))).toEqual(expected);
  });

  it('gives out again what was given back, before it grows', () => {
    const end = records.end;
    const again = Array.from({ length: MANY / 2 }, (_, i) => add(i, MANY + i));
    expect(records.end).toBe(end);
    expect(again.every((record, i) => find(i, MANY + i) === record)).toBe(true);
  });
});

describe('blocks of one and the same hash', () => {
  const { add, records } = setup();
  const added = Array.from({ length: 8200 }, (_, i) => add(i, 0, 0x12345678));

  it('are kept as far as there is room in one table, and refused beyond', () => {
    expect(added.filter((record) => record !== NONE)).toHaveLength(8191);
    expect(added.slice(8191).every((record) => record === NONE)).toBe(true);
    expect(records.end).toBe(8193);
  });

  it('leave the others alone', () => {
    expect(add(1, 1, 0x0abcdef0)).not.toBe(NONE);
  });
});
