import { type Comparison, compare } from '../comparison.js';
import { randomNumbers } from './random-numbers.js';
import { mapTracking, subscriberTracking, type Tracking, WINDOW_MS } from './tracking.js';

const BATCH = 16;
const STEPS = 128;
/** Of each step: two batches are read, one leaves and one comes. */
const BLOCKS_PER_STEP = 4 * BATCH;

/**
 * At rate 1, with as many blocks live all the time: random ones are read, random ones make room for new ones, and a
 * quarter as many ghosts wait to be wanted again.
 */
export function steady(
  what: string,
  live: number,
  budget: number,
  peerThen: readonly [number, number],
): Promise<Comparison> {
  return compare({
    peerThen,
    what: `lifecycle at rate 1, ${what} live, number keys, per block`,
    peerName: 'a Map of objects, another of ghosts',
    budget,
    perCall: STEPS * BLOCKS_PER_STEP,
    ours: workload(live, subscriberTracking(1)),
    peer: workload(live, mapTracking()),
    empty: workload(live, { store: () => undefined, access: () => undefined, evict: () => undefined }),
  });
}

function workload(live: number, tracking: Tracking): () => void {
  const random = randomNumbers();
  const msPerStep = WINDOW_MS / (live / 4 / BATCH);
  // Fractions: such keys are neither in order nor small integers.
  const next = () => random() + 0.5;
  const blocks = Float64Array.from({ length: live }, next);
  let time = 0;
  for (let i = 0; i < live; i += BATCH) tracking.store([...blocks.subarray(i, i + BATCH)], time);

  const [read, again, leaving, coming] = [keys(), keys(), keys(), keys()];
  return () => {
    for (let step = 0; step < STEPS; step++) {
      time += msPerStep;
      for (let i = 0; i < BATCH; i++) {
        read[i] = blocks[random() % live] as number;
        again[i] = blocks[random() % live] as number;
        const place = random() % live;
        leaving[i] = blocks[place] as number;
        blocks[place] = next();
        coming[i] = blocks[place] as number;
      }
      tracking.access(read, time);
      tracking.evict(leaving, time, 'capacity');
      tracking.store(coming, time);
      tracking.access(again, time);
    }
  };
}

function keys(): number[] {
  return new Array<number>(BATCH).fill(0.5);
}
