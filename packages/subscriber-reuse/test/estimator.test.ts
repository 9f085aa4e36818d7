import { createKeyHash } from '@kvscope/core';
import { expect, it } from 'vitest';
import { Estimator } from '../src/estimator.ts';
import { Followed } from '../src/followed.ts';

/** References of sampled keys at some distances. */
function add(estimator: Estimator, distances: readonly number[]): void {
  const followed = new Followed(createKeyHash(1), createKeyHash(2));
  followed.distances.set(distances);
  estimator.refer(distances.length);
  estimator.add(followed, 0, distances.length);
}

it('counts what came before at the weight that it was scaled to', () => {
  const estimator = new Estimator();
  add(estimator, [0, 0, 0, 0, 9, 9]);
  expect(estimator.estimate(5, 1).hitRatio).toBeCloseTo(4 / 6);
  estimator.scale(1 / 4);
  expect(estimator.estimate(5, 1).hitRatio).toBeCloseTo(4 / 6);
  add(estimator, [9]);
  // Six at a quarter are 1.5, of which 1 hits; one more misses.
  expect(estimator.estimate(5, 1).hitRatio).toBeCloseTo(1 / 2.5);
});
