import type { BlockKey } from '@kvscope/core';
import { type Comparison, compare } from '../comparison.js';
import { randomNumbers } from './random-numbers.js';
import { mapTracking, subscriberTracking, type Tracking } from './tracking.js';

const BATCH = 16;
const BATCHES = 1024;
/** Of a load of a million blocks a second. */
const MS_PER_BATCH = BATCH / 1000;

/** At rate 0.01: batches of random keys, stored and evicted in turns. */
export function sampled(what: string, budget: number, key: (n: number) => BlockKey): Promise<Comparison> {
  const random = randomNumbers();
  const batches = Array.from({ length: BATCHES }, () => Array.from({ length: BATCH }, () => key(random())));

  // Twins on purpose: in a loop that both share, what is called would be looked up each time.
  const ours = (tracking: Tracking): (() => void) => {
    let time = 0;
    return () => {
      for (const keys of batches) {
        time += MS_PER_BATCH;
        tracking.store(keys, time);
        tracking.evict(keys, time, 'deleted');
      }
    };
  };
  const peer = (tracking: Tracking): (() => void) => {
    let time = 0;
    return () => {
      for (const keys of batches) {
        time += MS_PER_BATCH;
        tracking.store(keys, time);
        tracking.evict(keys, time, 'deleted');
      }
    };
  };
  return compare({
    what: `lifecycle at rate 0.01, batches of 16, ${what}, per block`,
    peerName: 'every block in a Map of objects',
    budget,
    perCall: 2 * BATCH * BATCHES,
    ours: ours(subscriberTracking(0.01)),
    peer: peer(mapTracking()),
  });
}
