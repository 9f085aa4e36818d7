import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBus, type Tier } from '@kvscope/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/replay/replay.js';
import { readRequestTrace } from '../../src/request-trace/read-request-trace.js';
import { type BlockWord, byTier } from './events.js';

const TRACE = fileURLToPath(
  new URL('../../../../../shared/traces/mooncake_conversation_trace.jsonl', import.meta.url),
);
const present = existsSync(TRACE);
if (!present) console.warn('skipped: the golden replay needs ../shared/traces beside the repository');

/** Counts, so that 1.4 million keys need not be kept. */
function count(bus = createBus()) {
  const keys = byTier(() => ({ stored: 0, accessed: 0, evicted: 0 }));
  const lookups = byTier(() => ({ blocks: 0, hits: 0 }));
  const lifetimeMs = byTier(() => 0);
  const storedAt = byTier(() => new Map<unknown, number>());
  const seen = new Set<string>();
  const counts = { keys, lookups, lifetimeMs, twice: 0, bus, nextRequest: () => seen.clear() };
  const add = (word: BlockWord, tier: Tier, added: number) => {
    const name = `${word} ${tier}`;
    if (seen.has(name)) counts.twice++;
    seen.add(name);
    keys[tier][word] += added;
  };
  bus.subscribe('block.accessed', 'count', ({ tier, keys }) => add('accessed', tier, keys.length));
  bus.subscribe('block.stored', 'count', ({ tier, keys, time }) => {
    add('stored', tier, keys.length);
    for (const key of keys) storedAt[tier].set(key, time);
  });
  bus.subscribe('block.evicted', 'count', ({ tier, keys, time }) => {
    add('evicted', tier, keys.length);
    for (const key of keys) lifetimeMs[tier] += time - (storedAt[tier].get(key) as number);
  });
  bus.subscribe('lookup.finished', 'count', ({ tier, blocks, hits }) => {
    lookups[tier].blocks += blocks;
    lookups[tier].hits += hits;
  });
  return counts;
}

describe.skipIf(!present)('the replay of the Mooncake conversation trace at 1000/10000/100000 blocks', () => {
  const counts = count();
  beforeAll(async () => {
    const trace = readRequestTrace(TRACE, { strict: true });
    const result = await replay(trace, {
      tiers: { l0: 1000, l1: 10_000, l2: 100_000 },
      bus: counts.bus,
      onRequest: counts.nextRequest,
    });
    expect(result).toEqual({ requests: 12_031, interrupted: false });
  });

  it('looks every block up, each hit in one tier', () => {
    expect(counts.lookups).toEqual({
      l0: { blocks: 288_500, hits: 12_845 },
      l1: { blocks: 288_500 - 12_845, hits: 48_197 },
      l2: { blocks: 288_500 - 12_845 - 48_197, hits: 43_882 },
    });
  });

  it('stores, accesses and evicts what the golden replay did', () => {
    expect(counts.keys).toEqual({
      l0: { stored: 275_669, accessed: 12_831, evicted: 274_669 },
      l1: { stored: 227_579, accessed: 60_921, evicted: 217_579 },
      l2: { stored: 183_576, accessed: 104_924, evicted: 83_576 },
    });
  });

  it('keeps each block as long', () => {
    expect(counts.lifetimeMs.l0 / 1000).toBeCloseTo(3_524_894.279, 3);
    expect(counts.lifetimeMs.l1 / 1000).toBeCloseTo(33_830_590.907, 3);
    expect(counts.lifetimeMs.l2 / 1000).toBeCloseTo(162_175_929.958, 3);
  });

  it('publishes never more than one event of a kind per request and tier', () => {
    expect(counts.twice).toBe(0);
  });
});
