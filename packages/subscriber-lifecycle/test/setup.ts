import {
  type BlockKey,
  createBus,
  createSampler,
  createSource,
  type EvictionReason,
  type Source,
  type SourceOptions,
  startSubscriber,
  type Tier,
} from '@kvscope/core';
import { MemoryRecorder, ScriptedClock } from '@kvscope/core/testing';
import { type LifecycleOptions, lifecycle } from '../src/index.ts';

export interface SetupOptions extends LifecycleOptions {
  readonly rate?: number;
}

/** The lifecycle subscriber on a bus of its own; times are in seconds, as the scenarios write them. */
export function setup({ rate = 1, ...options }: SetupOptions = {}) {
  const bus = createBus();
  const clock = new ScriptedClock();
  const recorder = new MemoryRecorder();
  const environment = { bus, clock, recorder, sampler: createSampler(rate) };
  const running = startSubscriber(lifecycle, environment, options);
  const newSource = (sourceOptions: SourceOptions = {}) => createSource(sourceOptions, bus);
  return { bus, clock, recorder, running, newSource, ...publishers(bus, clock, newSource()) };
}

function publishers(bus: ReturnType<typeof createBus>, clock: ScriptedClock, source: Source) {
  const at = (seconds: number, from: Source = source) => {
    // The local clock never goes back, whatever the events say.
    if (Number.isFinite(seconds) && seconds * 1000 > clock.now()) clock.moveTo(seconds * 1000);
    return { time: seconds * 1000, source: from };
  };
  return {
    source,
    stored: (keys: BlockKey[], seconds: number, from?: Source, tier: Tier = 'l1') =>
      bus.publish('block.stored', { ...at(seconds, from), tier, keys, cause: 'unknown' }),
    accessed: (keys: BlockKey[], seconds: number, from?: Source, tier: Tier = 'l1') =>
      bus.publish('block.accessed', { ...at(seconds, from), tier, keys, by: 'request' }),
    accessedInternally: (keys: BlockKey[], seconds: number) =>
      bus.publish('block.accessed', { ...at(seconds), tier: 'l1', keys, by: 'internal' }),
    released: (keys: BlockKey[], seconds: number) =>
      bus.publish('block.released', { ...at(seconds), tier: 'l1', keys }),
    evicted: (
      keys: BlockKey[],
      seconds: number,
      reason: EvictionReason = 'capacity',
      from?: Source,
      tier: Tier = 'l1',
    ) => bus.publish('block.evicted', { ...at(seconds, from), tier, keys, reason }),
    cleared: (seconds: number, tier?: Tier) =>
      bus.publish('tier.cleared', { ...at(seconds), ...(tier && { tier }) }),
    reset: (seconds: number, tier?: Tier) =>
      bus.publish('source.reset', { ...at(seconds), ...(tier && { tier }) }),
  };
}
