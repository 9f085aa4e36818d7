import { createBus, createMeterRecorder, createSampler, startSubscriber, systemClock } from '@kvscope/core';
import { generateRequestTrace, SAMPLE_OPTIONS, SAMPLE_TIERS, TieredLru } from '@kvscope/sources';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { shards } from '@kvscope/subscriber-shards';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { type Comparison, spread } from '../comparison.js';

const ROUNDS = 9;

class SilentReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const requests = [...generateRequestTrace({ ...SAMPLE_OPTIONS, requests: 6000 })];
/** Each reference is a store or an access in each of three tiers; evictions come on top and are left out here. */
const facts = 3 * requests.reduce((sum, { hashIds }) => sum + hashIds.length, 0);

function nanosecondsPerFact(listening: boolean): number {
  const bus = createBus();
  if (listening) {
    const environment = {
      bus,
      clock: systemClock,
      sampler: createSampler(0.01),
      recorder: createMeterRecorder(new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench')),
    };
    startSubscriber(lifecycle, environment);
    startSubscriber(shards, environment);
  }
  const cache = new TieredLru(SAMPLE_TIERS, bus);
  const start = performance.now();
  for (const { timestamp, hashIds } of requests) cache.serve(timestamp, hashIds);
  const elapsed = performance.now() - start;
  cache.close();
  return (elapsed * 1e6) / facts;
}

const over: number[] = [];
const without: number[] = [];
for (let round = -2; round < ROUNDS; round++) {
  const [silent, heard] = [nanosecondsPerFact(false), nanosecondsPerFact(true)];
  if (round < 0) continue;
  without.push(silent);
  over.push(heard - silent);
}
const result: Comparison = {
  what: 'replay through three LRU tiers, all subscribers on, rate 0.01, per block-level fact over it',
  unit: 'ns',
  ours: spread(over),
  peerName: 'the same replay with no bus',
  peer: spread(without),
  budget: 40,
};
console.log(JSON.stringify([result]));
