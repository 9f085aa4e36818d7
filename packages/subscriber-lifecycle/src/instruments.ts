import {
  type BoundCounter,
  type BoundHistogram,
  EVICTION_REASONS,
  type EvictionReason,
  type lifecycleMetrics,
  type Source,
  type SubscriberContext,
  type Tier,
} from '@kvscope/core';

export type LifecycleInstruments = ReturnType<typeof createInstruments>;

export function createInstruments(context: SubscriberContext<typeof lifecycleMetrics.metrics>) {
  return {
    lifetime: context.histogram('kv_cache.block.lifetime'),
    idleTime: context.histogram('kv_cache.block.idle_time'),
    reuseGap: context.histogram('kv_cache.block.reuse_gap'),
    evictReuseGap: context.histogram('kv_cache.block.evict_reuse_gap'),
    reuses: context.histogram('kv_cache.block.reuses'),
    misses: context.counter('kv_cache.block.evict_reuse_misses'),
    untracked: context.counter('kv_cache.block.untracked'),
    discarded: context.counter('kv_cache.block.discarded_intervals'),
  };
}

/**
 * Turns what happened to the blocks of one tier of one source into measurements. Series are bound when they are first
 * needed, and kept. Intervals are given in ms and recorded in s.
 */
export class TierInstruments {
  readonly #instruments: LifecycleInstruments;
  readonly #source: Source;
  readonly #tier: Tier;
  readonly #departures: Departures[];
  #reuseGap: BoundHistogram | undefined;
  #evictReuseGap: BoundHistogram | undefined;
  #misses: BoundCounter | undefined;

  constructor(instruments: LifecycleInstruments, source: Source, tier: Tier) {
    this.#instruments = instruments;
    this.#source = source;
    this.#tier = tier;
    this.#departures = EVICTION_REASONS.map(
      (reason) => new Departures(this, instruments, source, tier, reason),
    );
  }

  /** Records the blocks that leave for `reason`: to be asked once for all that an event names. */
  departures(reason: EvictionReason): Departures {
    return this.#departures[EVICTION_REASONS.indexOf(reason)] as Departures;
  }

  touched(gapMs: number): void {
    if (!this.#source.accesses || !this.valid(gapMs)) return;
    this.#reuseGap ??= this.#instruments.reuseGap.at(this.#source, this.#tier);
    this.#reuseGap.record(gapMs / 1000);
  }

  returned(gapMs: number): void {
    if (!this.valid(gapMs)) return;
    this.#evictReuseGap ??= this.#instruments.evictReuseGap.at(this.#source, this.#tier);
    this.#evictReuseGap.record(gapMs / 1000);
  }

  missed(): void {
    this.#misses ??= this.#instruments.misses.at(this.#source, this.#tier);
    this.#misses.add(1);
  }

  untracked(reason: 'limit' | 'age' | 'reset'): void {
    this.#instruments.untracked.at(this.#source, this.#tier, reason).add(1);
  }

  /** Whether an interval can be recorded; one that cannot is counted. */
  valid(intervalMs: number): boolean {
    if (intervalMs >= 0 && intervalMs < Number.POSITIVE_INFINITY) return true;
    this.#instruments.discarded.at(this.#source, this.#tier).add(1);
    return false;
  }
}

/** Records blocks that leave a tier for one reason. */
export class Departures {
  readonly #of: TierInstruments;
  readonly #instruments: LifecycleInstruments;
  readonly #source: Source;
  readonly #tier: Tier;
  readonly #reason: EvictionReason;
  #lifetime: BoundHistogram | undefined;
  #idleTime: BoundHistogram | undefined;
  #reuses: BoundHistogram | undefined;

  constructor(
    of: TierInstruments,
    instruments: LifecycleInstruments,
    source: Source,
    tier: Tier,
    reason: EvictionReason,
  ) {
    this.#of = of;
    this.#instruments = instruments;
    this.#source = source;
    this.#tier = tier;
    this.#reason = reason;
  }

  /**
   * @param livedMs since it was stored
   * @param idleMs since it was last active
   */
  record(livedMs: number, idleMs: number, accesses: number): void {
    if (this.#of.valid(livedMs)) {
      this.#lifetime ??= this.#instruments.lifetime.at(this.#source, this.#tier, this.#reason);
      this.#lifetime.record(livedMs / 1000);
    }
    if (!this.#source.accesses) return;
    if (this.#of.valid(idleMs)) {
      this.#idleTime ??= this.#instruments.idleTime.at(this.#source, this.#tier, this.#reason);
      this.#idleTime.record(idleMs / 1000);
    }
    this.#reuses ??= this.#instruments.reuses.at(this.#source, this.#tier, this.#reason);
    this.#reuses.record(accesses);
  }
}
