import {
  type BlockKey,
  createBus,
  createSampler,
  createSource,
  type Recorder,
  startSubscriber,
  systemClock,
} from '@kvscope/core';
import { lifecycle } from '@kvscope/subscriber-lifecycle';

/** What a cache tells of its blocks. Times are epoch ms. */
export interface Tracking {
  store(keys: BlockKey[], time: number): void;
  access(keys: BlockKey[], time: number): void;
  evict(keys: BlockKey[], time: number, reason: 'capacity' | 'deleted'): void;
}

/** Measures the subscriber alone: what recording costs is a matter of the recorder, and has a benchmark of its own. */
const SILENT: Recorder = {
  histogram: () => ({ record: () => undefined }),
  counter: () => ({ add: () => undefined }),
  observe: () => () => undefined,
};

/** How long a ghost waits, of the subscriber as of the peer. */
export const WINDOW_MS = 300_000;

/** Publishes to the lifecycle subscriber. */
export function subscriberTracking(rate: number): Tracking {
  const bus = createBus();
  const source = createSource({}, bus);
  const tier = 'l1';
  const options = { maxResidents: 2_000_000, maxGhosts: 2_000_000 };
  const environment = { bus, clock: systemClock, sampler: createSampler(rate), recorder: SILENT };
  startSubscriber(lifecycle, environment, options);
  const stored = bus.channel('block.stored');
  const accessed = bus.channel('block.accessed');
  const evicted = bus.channel('block.evicted');
  return {
    store: (keys, time) => stored.publish({ time, source, tier, keys, cause: 'computed' }),
    access: (keys, time) => accessed.publish({ time, source, tier, keys, by: 'request' }),
    evict: (keys, time, reason) => evicted.publish({ time, source, tier, keys, reason }),
  };
}

interface TrackedBlock {
  storedTime: number;
  touchedTime: number;
  leftTime: number;
  accesses: number;
}

/** The simplest own bookkeeping: every block in a Map of objects, and every ghost in another. */
export function mapTracking(): Tracking & { expire(time: number): void } {
  const blocks = new Map<BlockKey, TrackedBlock>();
  const ghosts = new Map<BlockKey, TrackedBlock>();

  function expire(time: number): void {
    for (const [key, { leftTime }] of ghosts) {
      if (time - leftTime < WINDOW_MS) return;
      ghosts.delete(key);
    }
  }

  return {
    expire,
    store(keys, time) {
      expire(time);
      for (const key of keys) {
        ghosts.delete(key);
        blocks.set(key, { storedTime: time, touchedTime: time, leftTime: 0, accesses: 0 });
      }
    },
    access(keys, time) {
      for (const key of keys) {
        const block = blocks.get(key);
        if (block === undefined) continue;
        block.touchedTime = time;
        block.accesses++;
      }
    },
    evict(keys, time, reason) {
      for (const key of keys) {
        const block = blocks.get(key);
        if (block === undefined) continue;
        blocks.delete(key);
        block.leftTime = time;
        if (reason === 'capacity') ghosts.set(key, block);
      }
    },
  };
}
