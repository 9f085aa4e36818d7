import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBus, type Tier } from '@kvscope/core';
import { readRequestTrace, TieredLru } from '@kvscope/sources';
import { beforeAll, describe, expect, it } from 'vitest';
import { followed } from './followed.ts';

const TRACE = fileURLToPath(
  new URL('../../../shared/traces/mooncake_conversation_trace.jsonl', import.meta.url),
);
const present = existsSync(TRACE);
if (!present)
  console.warn('SKIPPED: the golden curve needs the Mooncake conversation trace beside the project');

const TIERS = { l0: 1000, l1: 10_000, l2: 100_000 };
/**
 * Exact hit ratios of one LRU over all 288,500 references, at 0.25 to 8 times the capacity. The replay touches each
 * block of a request in each tier, so that the references of each tier are all of them; within a request, those that
 * hit are published before those that do not, which moves a distance by less than the length of the request.
 */
const EXACT: Readonly<Record<Tier, readonly number[]>> = {
  l0: [0.0419, 0.0422, 0.0445, 0.0537, 0.0858, 0.1776],
  l1: [0.0581, 0.1104, 0.2112, 0.2875, 0.3514, 0.3615],
  l2: [0.3098, 0.3546, 0.3637, 0.3664, 0.3664, 0.3664],
};
const SEEDS = [0, 1, 2, 3, 4];
/** Enough where every block is in the sample: the seed must make no difference at all, which is tested. */
const TWO_SEEDS = [0, 1];
/** More than the 183,576 blocks of the trace. */
const UNBOUNDED = { maxBlocks: 2 ** 18 };
const KINDS = [
  ['rate 1', 1, UNBOUNDED, 0.002, TWO_SEEDS],
  ['rate 0.1', 0.1, UNBOUNDED, 0.015, SEEDS],
  ['8,192 sampled blocks', 1, {}, 0.02, SEEDS],
] as const;

/** Mean absolute error over the scales, of each tier of each seed. */
function errors(all: readonly ReturnType<typeof followed>[]): number[] {
  return all.flatMap((one) =>
    one.curves().map(({ tier, points }) => {
      const exact = EXACT[tier];
      const distances = points.map(({ hitRatio }, i) => Math.abs(hitRatio - (exact[i] as number)));
      return distances.reduce((sum, distance) => sum + distance, 0) / exact.length;
    }),
  );
}

describe.skipIf(!present)('the curve of one hour of production requests', () => {
  const bus = createBus();
  const subscribers = KINDS.map(([, rate, options, , seeds]) =>
    seeds.map((seed) => followed(bus, rate, seed, options)),
  );
  let cache: TieredLru;
  beforeAll(async () => {
    cache = new TieredLru(TIERS, bus);
    for await (const { timestamp, hashIds } of readRequestTrace(TRACE)) cache.serve(timestamp, hashIds);
  }, 60_000);

  it.each(KINDS.map(([name, , , most, seeds], i) => [name, most, seeds.length, i] as const))(
    'at %s has a mean absolute error of at most %s, in each tier and over %s seeds',
    (_, most, seeds, i) => {
      const found = errors(subscribers[i] as ReturnType<typeof followed>[]);
      expect(found).toHaveLength(3 * seeds);
      expect(Math.max(...found)).toBeLessThanOrEqual(most);
    },
  );

  it('at rate 1 does not depend on the seed', () => {
    const [one, other] = (subscribers[0] ?? []) as ReturnType<typeof followed>[];
    const ratios = (of: typeof one) =>
      of?.curves().map(({ points }) => points.map(({ hitRatio }) => hitRatio));
    expect(ratios(one)).toHaveLength(3);
    expect(ratios(one)).toEqual(ratios(other));
  });

  it('follows at most 8,192 blocks of a tier, and counts every reference', () => {
    for (const { curves } of (subscribers[2] ?? []) as ReturnType<typeof followed>[]) {
      for (const { sampledBlocks, references } of curves()) {
        expect(sampledBlocks).toBeLessThanOrEqual(8192);
        expect(references).toBe(288_500);
      }
    }
  });
});
