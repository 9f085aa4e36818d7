import {
  type BlockKey,
  createBus,
  createSampler,
  createSource,
  startSubscriber,
  systemClock,
  type Tier,
} from '@kvscope/core';
import { type ReuseOptions, reuse } from '@kvscope/subscriber-reuse';
import { FastTotals } from '../churn/fast-totals.js';
import { Random } from '../churn/random.js';
import { compare } from '../comparison.js';
import { measure } from './shapes.js';

const BATCH = 16;
const BATCHES = 16_384;
/** Batches of a call: the next ones each time. */
const SLICE = 4096;
const BLOCKS = 200_000;
const CAPACITY = 10_000;
const tier: Tier = 'l1';

/** Batches of blocks whose popularity falls with the cube: the same work for each candidate. */
const random = new Random();
const batches = Array.from({ length: BATCHES }, () =>
  Array.from({ length: BATCH }, (): BlockKey => {
    const share = random.below(1_000_000) / 1_000_000;
    return Math.floor(BLOCKS * share ** 3);
  }),
);

/** One part of the batches after the other, again and again. */
function slices(): () => readonly BlockKey[][] {
  const parts = Array.from({ length: BATCHES / SLICE }, (_, i) => batches.slice(i * SLICE, (i + 1) * SLICE));
  let next = 0;
  return () => parts[next++ % parts.length] as BlockKey[][];
}

/** Publishes the batches to the reuse subscriber, which knows the capacity as after a first collection. */
function publisher(rate: number, capacity: number, options: ReuseOptions): () => void {
  const bus = createBus();
  const totals = new FastTotals();
  const occupancy = () => ({ tiers: [{ tier, capacity, evictable: 0, pinned: 0, unknown: 0 }] });
  const source = createSource({ occupancy }, bus);
  startSubscriber(
    reuse,
    { bus, recorder: totals.recorder, clock: systemClock, sampler: createSampler(rate) },
    options,
  );
  totals.observed('kv_cache.reuse.hit_ratio', '1');
  let time = 0;
  const next = slices();
  return () => {
    for (const keys of next()) {
      // Of four requests' blocks one part is new and three are read again.
      if (++time % 4 === 0) bus.publish('block.stored', { time, source, tier, keys, cause: 'computed' });
      else bus.publish('block.accessed', { time, source, tier, keys, by: 'request' });
    }
  };
}

let read = 0;

/** Reads each key and does nothing with it: fetching the batches from memory is the benchmark's own cost. */
function readOnly(): () => void {
  const next = slices();
  return () => {
    let bits = 0;
    for (const keys of next()) for (const key of keys) bits ^= key as number;
    read ^= bits;
  };
}

/** What one point of the curve costs otherwise: an LRU of that capacity, in the order of a Map. */
function lruInMap(capacity: number): () => void {
  const cache = new Map<BlockKey, true>();
  let oldest = cache.keys();
  const nextSlice = slices();
  return () => {
    for (const keys of nextSlice()) {
      for (const key of keys) {
        if (!cache.delete(key) && cache.size === capacity) {
          let next = oldest.next();
          if (next.done === true) {
            oldest = cache.keys();
            next = oldest.next();
          }
          cache.delete(next.value as BlockKey);
        }
        cache.set(key, true);
      }
    }
  };
}

function shape(what: string, budget: number, rate: number, capacity: number, options: ReuseOptions = {}) {
  return compare({
    what: `reuse ${what}, batches of 16, number keys, per reference`,
    peerName: 'one LRU in a Map',
    budget,
    perCall: BATCH * SLICE,
    ours: publisher(rate, capacity, options),
    peer: lruInMap(capacity),
    empty: readOnly(),
  });
}

await measure<'reuse'>({
  'rate 0.1': () => shape('at rate 0.1', 30, 0.1, CAPACITY, { maxBlocks: 2 ** 18 }),
  '8,192 blocks': () => shape('at 8,192 blocks of 80,000', 100, 1, CAPACITY),
  'all followed': () => shape('at 8,000 blocks, each of them followed', 100, 1, CAPACITY / 10),
});
if (!Number.isInteger(read)) throw new Error('the empty loop was left out');
