import { createBus, createSampler, createSource, startSubscriber } from '@kvscope/core';
import { ScriptedClock } from '@kvscope/core/testing';
import { intervalLog } from '@kvscope/interval-log';
import { layerwise } from '@kvscope/subscriber-layerwise';
import { lifecycle } from '@kvscope/subscriber-lifecycle';
import { shards } from '@kvscope/subscriber-shards';
import { transfer } from '@kvscope/subscriber-transfer';
import { BlockChurn } from './blocks.js';
import { FastTotals } from './fast-totals.js';
import { LayerChurn } from './layers.js';
import { MovementChurn } from './movement.js';
import { Random } from './random.js';
import { RequestChurn } from './requests.js';

/** Low enough that each of them is reached again and again. */
export const LIMITS = { residents: 45_000, ghosts: 100_000, requests: 400, batches: 16 } as const;

/** Seconds after which blocks whose eviction got lost are dropped: sooner than the default, to happen at all. */
const MAX_BLOCK_AGE = 600;

/** What the subscribers hold now. */
export interface ChurnState {
  readonly residents: number;
  readonly ghosts: number;
  readonly openRequests: number;
  readonly openBatches: number;
}

/** What went in and, for each of it, what became of it. They are equal: nothing is lost uncounted. */
export interface ChurnAccount {
  readonly what: string;
  readonly published: number;
  readonly accounted: number;
  /** Of those, the ones that were turned away or given up. */
  readonly turnedAway: number;
}

export interface Churn {
  /** Publishes so many events, one each millisecond of scripted time. */
  run(events: number): void;
  state(): ChurnState;
  /** Lets enough time pass for all that is open to be given up, then draws the balance. */
  finish(): readonly ChurnAccount[];
  /** Failures of subscribers; none is expected. */
  readonly failures: number;
  /** Lines of the interval log. */
  readonly lines: number;
}

/** All subscribers, at rate 1 and with low limits, under a mix of all events. */
export function createChurn(): Churn {
  const bus = createBus();
  const clock = new ScriptedClock(1_000_000);
  const totals = new FastTotals();
  const environment = { bus, clock, recorder: totals.recorder, sampler: createSampler(1) };
  let lines = 0;
  startSubscriber(lifecycle, environment, {
    maxResidents: LIMITS.residents,
    maxGhosts: LIMITS.ghosts,
    maxAge: MAX_BLOCK_AGE,
  });
  startSubscriber(shards, environment);
  startSubscriber(transfer, environment, { maxRequests: LIMITS.requests });
  startSubscriber(layerwise, environment, { maxBatches: LIMITS.batches });
  startSubscriber(intervalLog, environment, { log: () => lines++ });

  const source = createSource({ backend: 'churn' }, bus);
  const random = new Random();
  const blocks = new BlockChurn(bus, source, random);
  const movement = new MovementChurn(bus, source, random);
  const requests = new RequestChurn(bus, source, random);
  const layers = new LayerChurn(bus, source, random);

  const tracked = (state: string): number => totals.observed('kv_cache.block.tracked', state);
  const sum = (name: string): number => totals.sum(name);
  const count = (name: string): number => totals.count(name);
  const endedRequests = (): number =>
    count('kv_cache.request.transfer.duration') + sum('kv_cache.request.transfer.abandoned');
  const endedBatches = (): number =>
    count('kv_cache.layer.overlap') + sum('kv_cache.layer.batches_abandoned');

  return {
    run(events) {
      for (let i = 0; i < events; i++) {
        clock.advance(1);
        const kind = random.below(100);
        if (kind < 50) blocks.publish(clock.now());
        else if (kind < 80) movement.publish(clock.now());
        else if (kind < 90) requests.publish(clock.now());
        else layers.publish(clock.now());
      }
    },
    state: () => ({
      residents: tracked('resident'),
      ghosts: tracked('ghost'),
      openRequests: requests.begun - endedRequests(),
      openBatches: layers.begun - endedBatches(),
    }),
    finish() {
      clock.advance(400_000);
      const untracked = sum('kv_cache.block.untracked');
      const ghostsEnded = count('kv_cache.block.evict_reuse_gap') + sum('kv_cache.block.evict_reuse_misses');
      return [
        {
          what: 'blocks stored',
          published: blocks.stored,
          // Evicted ones became ghosts: they were wanted again, were not, or were one too many.
          accounted: tracked('resident') + tracked('ghost') + ghostsEnded + untracked,
          turnedAway: untracked,
        },
        {
          what: 'requests begun',
          published: requests.begun,
          accounted: endedRequests(),
          turnedAway: sum('kv_cache.request.transfer.abandoned'),
        },
        {
          what: 'batches begun',
          published: layers.begun,
          accounted: endedBatches(),
          turnedAway: sum('kv_cache.layer.batches_abandoned'),
        },
        {
          what: 'tasks',
          published: movement.tasks,
          accounted: sum('kv_cache.tasks'),
          turnedAway: 0,
        },
        {
          what: 'blocks asked for',
          published: movement.asked,
          accounted: sum('kv_cache.lookup.blocks'),
          turnedAway: 0,
        },
      ];
    },
    get failures() {
      return [...bus.failures.values()].reduce((all, failures) => all + failures, 0);
    },
    get lines() {
      return lines;
    },
  };
}
