import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kvscope } from './kvscope.ts';

const TRACE = fileURLToPath(
  new URL('../../../shared/traces/mooncake_conversation_trace.jsonl', import.meta.url),
);
const present = existsSync(TRACE);
if (!present)
  console.warn('SKIPPED: the golden replay needs the Mooncake conversation trace beside the project');

/** Exact results of an independent implementation at 1000 / 10000 / 100000 blocks and rate 1. */
const GOLDEN = {
  requests: 12_031,
  lookups: 288_500,
  hits: { l0: 12_845, l1: 48_197, l2: 43_882 },
  misses: 183_576,
  malformed: 0,
  tiers: {
    l0: tier(
      1000,
      275_669,
      12_831,
      274_669,
      273_881,
      183_725,
      3_524_894.279,
      3_515_501.414,
      12_929.864,
      [70_958, 7_671_493.387],
    ),
    l1: tier(
      10_000,
      227_579,
      60_921,
      217_579,
      187_943,
      168_438,
      33_830_590.907,
      30_312_146.98,
      3_698_311.52,
      [31_119, 3_631_463.069],
    ),
    l2: tier(
      100_000,
      183_576,
      104_924,
      83_576,
      65_877,
      68_103,
      162_175_929.958,
      156_386_387.316,
      20_635_741.201,
      [231, 24_408.005],
    ),
  },
};

function tier(
  capacity: number,
  stored: number,
  accessed: number,
  evicted: number,
  neverReused: number,
  evictReuseMisses: number,
  lifetime: number,
  idleTime: number,
  reuseGap: number,
  [returned, evictReuseGap]: readonly [number, number],
) {
  const sum = (seconds: number) => expect.closeTo(seconds, 2);
  return {
    capacity,
    stored,
    accessed,
    evicted,
    neverReused,
    evictReuseMisses,
    lifetime: { count: evicted, sum: sum(lifetime) },
    idleTime: { count: evicted, sum: sum(idleTime) },
    reuseGap: { count: accessed, sum: sum(reuseGap) },
    evictReuseGap: { count: returned, sum: sum(evictReuseGap) },
  };
}

async function replayed(...args: string[]): Promise<typeof GOLDEN> {
  const { code, stdout } = await kvscope(['replay', TRACE, '--json', ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as typeof GOLDEN;
}

// At rate 1 every block is followed: ten seconds of work where nothing else runs.
describe.skipIf(!present)('replaying one hour of production requests', { timeout: 300_000 }, () => {
  it('gives the figures of an independent implementation', async () => {
    expect(await replayed()).toEqual(GOLDEN);
  });

  it('at rate 0.1 estimates lifetimes within 5 %, and counts all the same', async () => {
    const sampled = await replayed('--sample-rate', '0.1');
    expect({ ...sampled, tiers: undefined }).toEqual({ ...GOLDEN, tiers: undefined });
    for (const name of ['l0', 'l1', 'l2'] as const) {
      const { lifetime, idleTime, stored, accessed, evicted } = sampled.tiers[name];
      const whole = GOLDEN.tiers[name];
      expect({ stored, accessed, evicted }).toEqual({
        stored: whole.stored,
        accessed: whole.accessed,
        evicted: whole.evicted,
      });
      const exact = {
        l0: [3_524_894, 3_515_501],
        l1: [33_830_591, 30_312_147],
        l2: [162_175_930, 156_386_387],
      }[name];
      expect(Math.abs((lifetime.sum as unknown as number) / 0.1 / (exact[0] as number) - 1)).toBeLessThan(
        0.05,
      );
      expect(Math.abs((idleTime.sum as unknown as number) / 0.1 / (exact[1] as number) - 1)).toBeLessThan(
        0.05,
      );
    }
  });
});
