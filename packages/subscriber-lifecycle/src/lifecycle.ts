import {
  type BlockKey,
  lifecycleMetrics,
  type Source,
  type Subscriber,
  type SubscriberContext,
  type Tier,
} from '@kvscope/core';
import { createInstruments } from './instruments.js';
import { type LifecycleOptions, lifecycleLimits } from './options.js';
import { SWEEP_INTERVAL_MS, Tracker } from './tracker.js';

type Metrics = typeof lifecycleMetrics.metrics;

/** Counts the sampled blocks of a source that is one too many. */
type Refuse = (source: Source, tier: Tier, keys: readonly BlockKey[]) => void;

/**
 * How long sampled blocks live in a tier, how they are used there, and whether they are wanted again after they
 * left. A block's identity is source, tier and key.
 */
export const lifecycle: Subscriber<Metrics, LifecycleOptions> = {
  name: 'lifecycle',
  family: lifecycleMetrics,
  validate: (options) => void lifecycleLimits(options),
  start(context, options) {
    const { clock, sampler } = context;
    const instruments = createInstruments(context);
    const tracker = new Tracker(lifecycleLimits(options), instruments, clock, sampler);
    subscribe(context, tracker, (source, tier, keys) => {
      for (const key of keys)
        if (sampler.sampled(key)) instruments.untracked.at(source, tier, 'limit').add(1);
    });
    observe(context, tracker);
    context.every(SWEEP_INTERVAL_MS, () => tracker.sweep(clock.now()));
  },
};

function subscribe(context: SubscriberContext<Metrics>, tracker: Tracker, refuse: Refuse): void {
  context.on('block.stored', ({ source, tier, keys, time }) => {
    const home = tracker.arriveAt(source, tier, time);
    if (home === undefined) refuse(source, tier, keys);
    else tracker.store(home, keys);
  });
  context.on('block.accessed', ({ source, tier, keys, time, by }) => {
    const home = tracker.arriveAt(source, tier, time);
    if (home !== undefined && by === 'request') tracker.access(home, keys);
  });
  context.on('block.released', ({ source, tier, keys, time }) => {
    const home = tracker.arriveAt(source, tier, time);
    if (home !== undefined) tracker.release(home, keys);
  });
  context.on('block.evicted', ({ source, tier, keys, time, reason }) => {
    const home = tracker.arriveAt(source, tier, time);
    if (home !== undefined) tracker.evict(home, keys, reason);
  });
  context.on('tier.cleared', ({ source, time, tier }) => {
    for (const state of tracker.arrive(source, time)?.tiers ?? []) {
      if (tier === undefined || tier === state.tier) tracker.clear(state);
    }
  });
  context.on('source.reset', ({ source, time, tier }) => {
    for (const state of tracker.arrive(source, time)?.tiers ?? []) {
      if (tier === undefined || tier === state.tier) tracker.forget(state);
    }
  });
}

function observe(context: SubscriberContext<Metrics>, tracker: Tracker): void {
  context.observe(['kv_cache.block.tracked', 'kv_cache.sampling.rate'], (report) => {
    report('kv_cache.sampling.rate', context.sampler.rate, undefined);
    for (const { source, tiers } of tracker.population.sources) {
      for (const { tier, residents, ghosts } of tiers) {
        report('kv_cache.block.tracked', residents.size, source, tier, 'resident');
        report('kv_cache.block.tracked', ghosts.size, source, tier, 'ghost');
      }
    }
  });
}
