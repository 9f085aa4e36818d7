import {
  type BlockKey,
  lifecycleMetrics,
  type Source,
  type Subscriber,
  type SubscriberContext,
  TIERS,
  type Tier,
} from '@kvscope/core';
import { createInstruments } from './instruments.js';
import { type LifecycleOptions, lifecycleLimits } from './options.js';
import type { TrackedTier } from './population.js';
import { Tracker } from './tracker.js';

type Metrics = typeof lifecycleMetrics.metrics;

const SWEEP_INTERVAL_MS = 1000;

/**
 * How long sampled blocks live in a tier, how they are used there, and whether they are wanted again after they
 * left. A block's identity is source, tier and key.
 */
export const lifecycle: Subscriber<Metrics, LifecycleOptions> = {
  name: 'lifecycle',
  family: lifecycleMetrics,
  validate: (options) => void lifecycleLimits(options),
  start(context, options) {
    const tracker = new Tracker(lifecycleLimits(options), createInstruments(context));
    subscribe(context, tracker);
    observe(context, tracker);
    context.every(SWEEP_INTERVAL_MS, () => tracker.sweep(context.clock.now()));
  },
};

function subscribe(context: SubscriberContext<Metrics>, tracker: Tracker): void {
  const { clock, sampler } = context;

  /** Where a block event's keys are tracked; undefined when its source is one too many. */
  function home(event: { source: Source; time: number; tier: Tier }): TrackedTier | undefined {
    const owner = tracker.arrive(event.source, event.time, clock.now());
    return owner && tracker.population.tierOf(owner, event.tier);
  }
  function eachSampled(keys: readonly BlockKey[], act: (key: BlockKey) => void): void {
    for (const key of keys) if (sampler.sampled(key)) act(key);
  }

  context.on('block.stored', (event) => {
    const tier = home(event);
    eachSampled(event.keys, (key) => {
      if (tier === undefined) tracker.refuse(event.source, event.tier);
      else tracker.store(tier, key, event.time);
    });
  });
  context.on('block.accessed', (event) => {
    const tier = home(event);
    if (tier === undefined || event.by !== 'request') return;
    eachSampled(event.keys, (key) => tracker.access(tier, key, event.time));
  });
  context.on('block.released', (event) => {
    const tier = home(event);
    if (tier !== undefined) eachSampled(event.keys, (key) => tracker.release(tier, key, event.time));
  });
  context.on('block.evicted', (event) => {
    const tier = home(event);
    if (tier === undefined) return;
    eachSampled(event.keys, (key) => tracker.evict(tier, key, event.time, event.reason));
  });
  context.on('tier.cleared', ({ source, time, tier }) => {
    const owner = tracker.arrive(source, time, clock.now());
    for (const state of owner?.tiers.values() ?? []) {
      if (tier === undefined || tier === state.tier) tracker.clear(state, time);
    }
  });
  context.on('source.reset', ({ source, time, tier }) => {
    const owner = tracker.arrive(source, time, clock.now());
    for (const state of owner?.tiers.values() ?? []) {
      if (tier === undefined || tier === state.tier) tracker.forget(state);
    }
  });
}

function observe(context: SubscriberContext<Metrics>, tracker: Tracker): void {
  context.observe(['kv_cache.block.tracked', 'kv_cache.sampling.rate'], (report) => {
    report('kv_cache.sampling.rate', context.sampler.rate, undefined);
    for (const { source, tiers } of tracker.population.sources.values()) {
      for (const tier of TIERS) {
        const state = tiers.get(tier);
        if (state === undefined) continue;
        report('kv_cache.block.tracked', state.residents, source, tier, 'resident');
        report('kv_cache.block.tracked', state.ghosts, source, tier, 'ghost');
      }
    }
  });
}
