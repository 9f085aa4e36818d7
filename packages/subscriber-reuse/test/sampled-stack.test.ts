import { createKeyHash } from '@kvscope/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAR, Followed, PART, UNKNOWN } from '../src/followed.ts';
import { SampledStack } from '../src/sampled-stack.ts';

const hash = createKeyHash(0);
const check = createKeyHash(1);

/** Refers to one key. @returns its distance, and whether its block is followed as a hot one */
function referTo(stack: SampledStack, key: number, hot: boolean): [distance: number, asHot: number] {
  const followed = new Followed(hash, check);
  followed.hashes[0] = hash(key);
  followed.checks[0] = check(key);
  followed.hot[0] = Number(hot);
  followed.size = 1;
  stack.follow(followed, 0);
  return [followed.distances[0] as number, followed.asHot[0] as number];
}
const refer = (stack: SampledStack, key: number, hot = false) => referTo(stack, key, hot)[0];

/** An LRU stack as one would draw it: the distance is how many keys lie above. */
function drawn() {
  const stack: number[] = [];
  return (key: number): number => {
    const distance = stack.indexOf(key);
    if (distance >= 0) stack.splice(distance, 1);
    stack.unshift(key);
    return distance < 0 ? FAR : distance;
  };
}

it('tells the distances of an LRU stack at rate 1', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 3000 }), (keys) => {
      const stack = new SampledStack(1, 64);
      expect(keys.map((key) => refer(stack, key))).toEqual(keys.map(drawn()));
    }),
    { numRuns: 20 },
  );
});

it('follows many at a time as it follows them one by one, also where it lowers its rate or drops the deepest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { maxLength: PART }),
      fc.integer({ min: 1, max: 200 }),
      (keys, depth) => {
        const [together, oneByOne] = [new SampledStack(1, 64), new SampledStack(1, 64)];
        together.limit(depth);
        oneByOne.limit(depth);
        const followed = new Followed(hash, check);
        for (const [i, key] of keys.entries()) {
          followed.hashes[i] = hash(key);
          followed.checks[i] = check(key);
          followed.size = i + 1;
        }
        for (let done = 0; done < keys.length; ) done = together.follow(followed, done);
        const deepest = (distance: number) => (distance >= depth * oneByOne.rate ? FAR : distance);
        expect([...followed.distances.subarray(0, keys.length)].map(deepest)).toEqual(
          keys.map((key) => deepest(refer(oneByOne, key))),
        );
        expect([together.rate, together.size, together.bottomed]).toEqual([
          oneByOne.rate,
          oneByOne.size,
          oneByOne.bottomed,
        ]);
      },
    ),
  );
});

it('tells the distances between the sampled keys below rate 1, and nothing of the others', () => {
  const stack = new SampledStack(0.25, 1024);
  const expected = drawn();
  const keys = Array.from({ length: 3000 }, (_, i) => (i * i) % 997);
  expect(keys.map((key) => refer(stack, key))).toEqual(
    keys.map((key) => (hash(key) < 0.25 * 2 ** 32 ? expected(key) : UNKNOWN)),
  );
});

describe('a full stack', () => {
  it('lowers its rate, drops what is not sampled any more and tells how much, and never holds too many', () => {
    let dropped = 0;
    const stack = new SampledStack(1, 100, (blocks) => {
      dropped += blocks;
    });
    let begun = 0;
    let largest = 0;
    for (let key = 0; key < 10_000; key++) {
      if (refer(stack, key) === FAR) begun++;
      largest = Math.max(largest, stack.size);
    }
    expect(largest).toBe(100);
    expect(begun - dropped).toBe(stack.size);
    // 100 of 10,000 blocks fit; the rate stands between that and one step less, give or take what chance does.
    expect(stack.rate).toBeLessThan(0.014);
    expect(stack.rate).toBeGreaterThan(0.006);
  });

  it('tells the distances between the blocks that are left', () => {
    const stack = new SampledStack(1, 64);
    for (let key = 0; key < 1000; key++) refer(stack, key);
    const left = Array.from({ length: 1000 }, (_, key) => key).filter(
      (key) => hash(key) < stack.rate * 2 ** 32,
    );
    expect(left.length).toBe(stack.size);
    for (const key of left) expect(refer(stack, key)).toBe(left.length - 1);
  });
});

it('lets go of what lies deeper than its limit', () => {
  const stack = new SampledStack(1, 1024);
  stack.limit(10);
  for (let key = 0; key < 10; key++) refer(stack, key);
  expect([stack.size, stack.bottomed]).toEqual([10, false]);
  refer(stack, 10);
  expect([stack.size, stack.bottomed]).toEqual([10, true]);
  expect(refer(stack, 1)).toBe(9);
  expect(refer(stack, 0)).toBe(FAR);
});

describe('a hot block', () => {
  const notSampled = Array.from({ length: 100 }, (_, key) => key).find(
    (key) => hash(key) > 2 ** 31,
  ) as number;

  it('is followed without being sampled, and does not count in the distance of others', () => {
    const stack = new SampledStack(0.5, 1024);
    const sampled = Array.from({ length: 100 }, (_, key) => key).filter((key) => hash(key) < 2 ** 31);
    refer(stack, sampled[0] as number);
    expect(refer(stack, notSampled, true)).toBe(UNKNOWN);
    refer(stack, sampled[1] as number);
    expect(referTo(stack, notSampled, true)).toEqual([1, 1]);
    expect(referTo(stack, sampled[0] as number, false)).toEqual([1, 0]);
    expect([stack.size, stack.sampled]).toEqual([3, 2]);
  });

  it('is followed no longer when it is hot no more, unless it is sampled', () => {
    const stack = new SampledStack(0.5, 1024);
    const sampled = Array.from({ length: 100 }, (_, key) => key).find((key) => hash(key) < 2 ** 31) as number;
    refer(stack, notSampled, true);
    refer(stack, sampled, true);
    stack.cool((hashed) => hashed === hash(notSampled));
    expect(stack.size).toBe(2);
    stack.cool(() => false);
    expect(stack.size).toBe(1);
    expect(referTo(stack, sampled, false)).toEqual([0, 0]);
  });

  it('is one of at most an eighth of the blocks', () => {
    const stack = new SampledStack(1e-9, 64);
    for (let key = 0; key < 100; key++) refer(stack, key, true);
    expect(stack.size).toBe(8);
  });
});

it('forgets every block at a clear, and starts anew', () => {
  const stack = new SampledStack(1, 64);
  for (let key = 0; key < 50; key++) refer(stack, key, key < 4);
  expect(stack.clear()).toBe(50);
  expect([stack.size, stack.sampled, refer(stack, 1)]).toEqual([0, 0, FAR]);
});
