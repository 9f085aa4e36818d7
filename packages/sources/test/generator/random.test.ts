import { describe, expect, it } from 'vitest';
import { Random } from '../../src/generator/random.js';
import { Zipf } from '../../src/generator/zipf.js';

/** sfc32 as its author writes it, in whole numbers modulo 2^32, after 16 rounds from (0, 0, seed, 1). */
function* reference(seed: bigint): Generator<bigint> {
  const word = (n: bigint) => BigInt.asUintN(32, n);
  let [a, b, c, counter] = [0n, 0n, seed, 1n];
  for (let round = 0; ; round++) {
    const next = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word((word(c << 21n) | (c >> 11n)) + next);
    if (round >= 16) yield next;
  }
}

describe('Random', () => {
  it.each([0, 1, 2 ** 32 - 1])('gives the numbers of sfc32 for the seed %s', (seed) => {
    const random = new Random(seed);
    const numbers = reference(BigInt(seed));
    for (let i = 0; i < 1000; i++) {
      expect(random.uniform()).toBe((Number(numbers.next().value) + 1) / 2 ** 32);
    }
  });

  it('has the mean of the exponential distribution', () => {
    const random = new Random(7);
    let sum = 0;
    for (let i = 0; i < 100_000; i++) sum += random.exponential(40);
    // The mean of n has a deviation of 40 / sqrt(n) = 0.13; five of them.
    expect(Math.abs(sum / 100_000 - 40)).toBeLessThan(0.65);
  });
});

describe('Zipf', () => {
  it('draws rank r in proportion to 1 / (r + 1)^exponent', () => {
    const random = new Random(3);
    const zipf = new Zipf(3, 1);
    const drawn = [0, 0, 0];
    for (let i = 0; i < 60_000; i++) {
      const rank = zipf.draw(random);
      drawn[rank] = (drawn[rank] ?? 0) + 1;
    }
    // 1 + 1/2 + 1/3 = 11/6; the shares are 6/11, 3/11, 2/11. A share of n has a deviation below 0.5 / sqrt(n).
    for (const [rank, share] of [6 / 11, 3 / 11, 2 / 11].entries()) {
      expect(Math.abs((drawn[rank] as number) / 60_000 - share)).toBeLessThan(0.0105);
    }
  });

  it('draws each rank alike at exponent 0, and the only one there is', () => {
    const random = new Random(3);
    const alike = new Zipf(4, 0);
    const ranks = Array.from({ length: 1000 }, () => alike.draw(random));
    expect(new Set(ranks)).toEqual(new Set([0, 1, 2, 3]));
    expect(new Zipf(1, 2).draw(random)).toBe(0);
  });
});
