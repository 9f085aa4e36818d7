import { createBus, createSource, type Tier } from '@kvscope/core';
import { TRUSTED_ERROR } from '@kvscope/subscriber-reuse';
import { describe, expect, it } from 'vitest';
import { Random } from '../../packages/sources/src/generator/random.ts';
import { Zipf } from '../../packages/sources/src/generator/zipf.ts';
import { exactHitRatio } from './exact-lru.ts';
import { followed } from './followed.ts';

const tier: Tier = 'l1';
const CAPACITY = 10_000;
const REFERENCES = 100_000;
const SEEDS = [0, 1];

type Draw = (i: number) => number;
const random = new Random(1);
const uniform =
  (blocks: number): Draw =>
  () =>
    Math.floor(random.uniform() * blocks);
const zipf = (blocks: number, exponent: number): Draw => {
  const popularity = new Zipf(blocks, exponent);
  return () => popularity.draw(random);
};
const half = REFERENCES / 2;
const [many, popular, before] = [uniform(100_000), zipf(100_000, 0.9), zipf(100_000, 1.1)];
const after = zipf(30_000, 0.7);

const WORKLOADS: readonly (readonly [string, Draw])[] = [
  ['one block of half the references, among a scan', (i) => (i % 2 === 0 ? 0 : i)],
  ['one block of half the references, among many', (i) => (i % 2 === 0 ? 0 : 1 + many(i))],
  ['one block of a tenth of the references', (i) => (i % 10 === 0 ? 0 : 1 + many(i))],
  ['a scan', (i) => i],
  ['a loop one block larger than the cache', (i) => i % (CAPACITY + 1)],
  ['a loop 5 % larger than the cache', (i) => i % (CAPACITY * 1.05)],
  ['a loop 20 % larger than the cache', (i) => i % (CAPACITY * 1.2)],
  ['Zipf 0.6', zipf(200_000, 0.6)],
  ['Zipf 0.8', zipf(200_000, 0.8)],
  ['Zipf 1.0', zipf(200_000, 1)],
  ['Zipf 1.2', zipf(200_000, 1.2)],
  ['a change half-way, from popular blocks to a loop', (i) => (i < half ? popular(i) : 100_000 + (i % 5000))],
  ['a change half-way, from popular blocks to others', (i) => (i < half ? before(i) : 100_000 + after(i))],
];

describe.each(WORKLOADS)('%s', (_, draw) => {
  it('is told within 0.02 with 8,192 blocks, or the error is said to be larger', () => {
    const keys = Array.from({ length: REFERENCES }, (_, i) => draw(i));
    const bus = createBus();
    const subscribers = SEEDS.map((seed) => followed(bus, 1, seed));
    const occupancy = () => ({ tiers: [{ tier, capacity: CAPACITY, evictable: 0, pinned: 0, unknown: 0 }] });
    const source = createSource({ occupancy }, bus);
    // The first one knows the capacity from the first reference on, as where somebody has collected before.
    subscribers[0]?.curves();
    keys.forEach((key, time) => {
      bus.publish('block.stored', { time, source, tier, keys: [key], cause: 'unknown' });
    });
    const curves = subscribers.flatMap((one) => one.curves());
    expect(curves).toHaveLength(SEEDS.length);
    const exact = curves[0]?.points.map(({ capacity }) => exactHitRatio(keys, capacity)) as number[];
    const untold = curves.flatMap(({ points }) =>
      points
        .map(({ hitRatio, error }, i) => ({ off: Math.abs(hitRatio - (exact[i] as number)), error }))
        .filter(({ off, error }) => off > 0.02 && error <= TRUSTED_ERROR),
    );
    expect(untold).toEqual([]);
  });
});
