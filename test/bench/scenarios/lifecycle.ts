import {
  type BlockKey,
  createBus,
  createMeterRecorder,
  createSampler,
  createSource,
  startSubscriber,
  systemClock,
} from '@kvscope/core';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { compare } from '../comparison.js';

const BATCH = 16;
const BATCHES = 4096;

/** Batches of random keys, stored and evicted in turns: the same work for each candidate. */
function batches(key: (n: number) => BlockKey): BlockKey[][] {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return Array.from({ length: BATCHES }, () => Array.from({ length: BATCH }, () => key(random())));
}

/** Publishes the batches to the lifecycle subscriber at rate 0.01. */
function publisher(keys: BlockKey[][]): () => void {
  const bus = createBus();
  const source = createSource({}, bus);
  const meter = new MeterProvider().getMeter('bench');
  startSubscriber(lifecycle, {
    bus,
    clock: systemClock,
    sampler: createSampler(0.01),
    recorder: createMeterRecorder(meter),
  });
  let time = 0;
  return () => {
    for (const batch of keys) {
      time++;
      bus.publish('block.stored', { time, source, tier: 'l1', keys: batch, cause: 'computed' });
      bus.publish('block.evicted', { time, source, tier: 'l1', keys: batch, reason: 'deleted' });
    }
  };
}

/** What the simplest own bookkeeping would cost: every block in a Map of objects. */
function mapOfObjects(keys: BlockKey[][]): () => void {
  const blocks = new Map<BlockKey, { time: number }>();
  let time = 0;
  return () => {
    for (const batch of keys) {
      time++;
      for (const key of batch) blocks.set(key, { time });
      for (const key of batch) blocks.delete(key);
    }
  };
}

const KINDS: readonly [what: string, budget: number, key: (n: number) => BlockKey][] = [
  ['number keys', 8, (n) => n],
  ['64-bit bigint keys', 15, (n) => (BigInt(n) << 32n) | BigInt(n ^ 0x5bd1e995)],
  ['40-character strings', 85, (n) => n.toString(16).padStart(40, '0')],
];
const results = KINDS.map(([what, budget, key]) => {
  const keys = batches(key);
  return compare({
    what: `lifecycle at rate 0.01, batches of 16, ${what}, per block`,
    peerName: 'every block in a Map of objects',
    budget,
    perCall: 2 * BATCH * BATCHES,
    ours: publisher(keys),
    peer: mapOfObjects(keys),
  });
});
console.log(JSON.stringify(results));
