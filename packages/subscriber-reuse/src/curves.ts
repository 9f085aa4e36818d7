import type { BlockKey, reuseMetrics, Source, SubscriberContext, Tier } from '@kvscope/core';
import type { ReuseSettings } from './options.js';
import { TierCurve } from './tier-curve.js';

/** Sources whose tiers are followed at once; references of further ones are refused and counted. */
export const MAX_SOURCES = 16;

type TierMap<T> = Map<Tier, T>;

/** The curves of all tiers of all sources that can have one. */
export class Curves {
  readonly #context: SubscriberContext<typeof reuseMetrics.metrics>;
  readonly #settings: ReuseSettings;
  readonly #untracked;
  readonly #curves = new Map<Source, TierMap<TierCurve>>();
  /** What sources told at the last collection: a curve that begins later needs not wait for the next one. */
  readonly #capacities = new WeakMap<Source, TierMap<number>>();
  /** What was asked for last, and its curve: the next references are often to the same tier. */
  #lastSource: Source | undefined;
  #lastTier: Tier | undefined;
  #lastCurve: TierCurve | undefined;

  constructor(context: SubscriberContext<typeof reuseMetrics.metrics>, settings: ReuseSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#untracked = context.counter('kv_cache.reuse.untracked');
  }

  /** Counts references to blocks of a tier. @param time epoch ms */
  refer(source: Source, tier: Tier, keys: readonly BlockKey[], time: number): void {
    let curve = source === this.#lastSource && tier === this.#lastTier ? this.#lastCurve : undefined;
    if (curve === undefined) {
      if (!source.accesses || source.occupancy === undefined) return;
      curve = this.#curveOf(source, tier);
      if (curve === undefined) {
        this.#untracked.at(source, tier, 'limit').add(keys.length);
        return;
      }
    }
    curve.refer(keys, time);
  }

  /** What a tier held, or all tiers, is gone; how often its blocks were reused before stays known. */
  forget(source: Source, tier: Tier | undefined): void {
    for (const [name, curve] of this.#curves.get(source) ?? []) {
      if (tier !== undefined && tier !== name) continue;
      const blocks = curve.clear();
      if (blocks > 0) this.#untracked.at(source, name, 'reset').add(blocks);
    }
  }

  /** Lets go of sources that were closed. */
  forgetClosed(): void {
    for (const [source, tiers] of this.#curves) {
      if (this.#context.sources.has(source)) continue;
      for (const curve of tiers.values()) curve.settle();
      this.#curves.delete(source);
    }
    this.#lastSource = undefined;
    this.#lastCurve = undefined;
  }

  /** A tier holds so many blocks. @returns its curve, if it has one */
  adapt(source: Source, tier: Tier, capacity: number): TierCurve | undefined {
    const capacities = this.#capacities.get(source) ?? new Map();
    this.#capacities.set(source, capacities.set(tier, capacity));
    const curve = this.#curves.get(source)?.get(tier);
    curve?.adapt(capacity);
    return curve;
  }

  #curveOf(source: Source, tier: Tier): TierCurve | undefined {
    let tiers = this.#curves.get(source);
    if (tiers === undefined) {
      if (this.#curves.size >= MAX_SOURCES) return undefined;
      tiers = new Map();
      this.#curves.set(source, tiers);
    }
    const curve = tiers.get(tier) ?? this.#begin(source, tier, tiers);
    this.#lastSource = source;
    this.#lastTier = tier;
    this.#lastCurve = curve;
    return curve;
  }

  #begin(source: Source, tier: Tier, tiers: TierMap<TierCurve>): TierCurve {
    const { sampler } = this.#context;
    const { sampleRate = sampler.rate, maxBlocks, halfLifeMs } = this.#settings;
    const dropped = this.#untracked.at(source, tier, 'limit');
    const curve = new TierCurve({
      hash: sampler.hash,
      seed: sampler.seed,
      rate: sampleRate,
      maxBlocks,
      halfLifeMs,
      onDropped: (blocks) => dropped.add(blocks),
    });
    tiers.set(tier, curve);
    const capacity = this.#capacities.get(source)?.get(tier);
    if (capacity !== undefined) curve.adapt(capacity);
    return curve;
  }
}
