import {
  createBus,
  createMeterRecorder,
  createSampler,
  type Recorder,
  startSubscriber,
  systemClock,
} from '@kvscope/core';
import { FastRecorder } from '@kvscope/fast-path';
import { generateRequestTrace, SAMPLE_OPTIONS, SAMPLE_TIERS, TieredLru } from '@kvscope/sources';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { type Comparison, spread } from '../comparison.js';
import { calmRounds } from '../pace.js';
import { silentMeter } from '../silent-meter.js';
import { measure } from './shapes.js';

const WARM_UP_ROUNDS = 2;
const ROUNDS = 15;
const PATIENCE_MS = 60_000;
const REQUESTS = 6000;

function nanoseconds(requests: readonly Request[], recorder?: Recorder): number {
  const bus = createBus();
  const running = [];
  if (recorder !== undefined) {
    const environment = { bus, clock: systemClock, sampler: createSampler(0.01), recorder };
    for (const subscriber of [lifecycle, shards, transfer, layerwise] as const) {
      running.push(startSubscriber(subscriber as typeof shards, environment));
    }
  }
  const cache = new TieredLru(SAMPLE_TIERS, bus);
  const start = performance.now();
  for (const { timestamp, hashIds } of requests) cache.serve(timestamp, hashIds);
  const elapsed = performance.now() - start;
  cache.close();
  for (const { stop } of running) stop();
  return elapsed * 1e6;
}
interface Request {
  readonly timestamp: number;
  readonly hashIds: readonly number[];
}

/** What the replay says of single blocks: each store, access and eviction of one in one tier. */
function factsOf(requests: readonly Request[]): number {
  const bus = createBus();
  let facts = 0;
  for (const type of ['block.stored', 'block.accessed', 'block.evicted'] as const) {
    bus.subscribe(type, 'count', ({ keys }) => {
      facts += keys.length;
    });
  }
  const cache = new TieredLru(SAMPLE_TIERS, bus);
  for (const { timestamp, hashIds } of requests) cache.serve(timestamp, hashIds);
  cache.close();
  return facts;
}

async function measureReplay(
  what: string,
  factor: number,
  budget: number | undefined,
  recorder: () => Recorder,
): Promise<Comparison> {
  const requests = [...generateRequestTrace({ ...SAMPLE_OPTIONS, requests: REQUESTS * factor })];
  const facts = factsOf(requests);
  const round = () => {
    const silent = nanoseconds(requests) / facts;
    return { silent, over: nanoseconds(requests, recorder()) / facts - silent };
  };
  for (let warmUp = 0; warmUp < WARM_UP_ROUNDS; warmUp++) round();
  const { figures, disturbed } = await calmRounds(ROUNDS, PATIENCE_MS, round);
  return {
    what: `replay through three LRU tiers, all subscribers on, rate 0.01, per block-level fact over it, ${what}`,
    ...(factor > 1 && { scale: `${factor}x: requests` }),
    unit: 'ns',
    ours: spread(figures.map(({ over }) => over)),
    peerName: 'the same replay with no bus',
    peer: spread(figures.map(({ silent }) => silent)),
    disturbed,
    ...(budget !== undefined && { budget }),
  };
}

const fast = (factor: number) => measureReplay('fast path', factor, 40, () => new FastRecorder());
await measure<'replay'>({
  fast: () => fast(1),
  '10 x the requests': () => fast(10),
  sdk: () => measureReplay('SDK path', 1, undefined, () => createMeterRecorder(silentMeter())),
});
