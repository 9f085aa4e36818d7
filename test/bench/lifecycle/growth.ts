import { type Comparison, type Spread, spread } from '../comparison.js';
import { randomNumbers } from './random-numbers.js';
import { mapTracking, subscriberTracking, type Tracking, WINDOW_MS } from './tracking.js';

const BATCH = 16;
const BLOCKS = 1_000_000;
const ROUNDS = 5;
const PEER = 'a Map of objects, another of ghosts';

/** Memory for each block while the state grows to a million: the most of it after half of the way, and that is just after growth. */
export function memory(): Comparison {
  return {
    what: `lifecycle at rate 1, memory per block, the most on the way from ${BLOCKS / 2} to ${BLOCKS}`,
    unit: 'B',
    ours: rounds(() => mostBytesPerBlock(subscriberTracking(1))),
    peerName: PEER,
    peer: rounds(() => mostBytesPerBlock(mapTracking())),
    budget: 120,
  };
}

function mostBytesPerBlock(tracking: Tracking): number {
  const before = usedBytes();
  let most = 0;
  grow(tracking, (blocks) => {
    if (blocks >= BLOCKS / 2 && (blocks / BATCH) % 1250 === 0) {
      most = Math.max(most, (usedBytes() - before) / blocks);
    }
  });
  return most;
}

/** Memory for each ghost, when all of a million blocks have left. */
export function ghostMemory(): Comparison {
  return {
    what: `lifecycle at rate 1, memory per ghost, ${BLOCKS} of them`,
    unit: 'B',
    ours: rounds(() => bytesPerGhost(subscriberTracking(1))),
    peerName: PEER,
    peer: rounds(() => bytesPerGhost(mapTracking())),
    budget: 120,
  };
}

function bytesPerGhost(tracking: Tracking): number {
  const before = usedBytes();
  grow(tracking, (_, keys, time) => tracking.evict(keys, time, 'capacity'));
  return (usedBytes() - before) / BLOCKS;
}

/**
 * The longest that one publish takes while the state grows to a million blocks: processor time, that of a collection of garbage
 * included, since a machine that others use takes the processor away for longer than that.
 */
export function longestPublish(): Comparison {
  return {
    what: `lifecycle at rate 1, longest publish of 16 while it grows to ${BLOCKS}, processor time`,
    unit: 'ms',
    ours: rounds(() => longestStore(subscriberTracking(1))),
    peerName: PEER,
    peer: rounds(() => longestStore(mapTracking())),
    budget: 5,
  };
}

function longestStore(tracking: Tracking): number {
  let longest = 0;
  const timed: Tracking = {
    ...tracking,
    store(keys, time) {
      const start = process.cpuUsage();
      tracking.store(keys, time);
      const { user, system } = process.cpuUsage(start);
      longest = Math.max(longest, (user + system) / 1000);
    },
  };
  grow(timed, () => undefined);
  return longest;
}

const GHOSTS = 100_000;

/** 100,000 ghosts that expire together, with the event that comes after their window. */
export function ghostSweep(): Comparison {
  return {
    what: `lifecycle at rate 1, ${GHOSTS} ghosts expire, per ghost`,
    unit: 'ns',
    ours: rounds(() => {
      const tracking = subscriberTracking(1);
      return nanosecondsPerGhost(tracking, (time) => tracking.store([1], time));
    }),
    peerName: PEER,
    peer: rounds(() => {
      const tracking = mapTracking();
      return nanosecondsPerGhost(tracking, (time) => tracking.expire(time));
    }),
    budget: 1000,
  };
}

function nanosecondsPerGhost(tracking: Tracking, expire: (time: number) => void): number {
  const random = randomNumbers();
  for (let i = 0; i < GHOSTS; i += BATCH) {
    const keys = Array.from({ length: BATCH }, random);
    tracking.store(keys, i);
    tracking.evict(keys, i, 'capacity');
  }
  const start = performance.now();
  expire(GHOSTS + WINDOW_MS);
  return ((performance.now() - start) * 1e6) / GHOSTS;
}

function grow(tracking: Tracking, grown: (blocks: number, keys: number[], time: number) => void): void {
  const random = randomNumbers();
  for (let blocks = BATCH; blocks <= BLOCKS; blocks += BATCH) {
    const keys = Array.from({ length: BATCH }, random);
    const time = blocks / 1000;
    tracking.store(keys, time);
    grown(blocks, keys, time);
  }
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function rounds(measure: () => number): Spread {
  return spread(Array.from({ length: ROUNDS }, measure));
}
