import { type BlockKey, CAPACITY_SCALES, createKeyHash, type KeyHash } from '@kvscope/core';
import { type Estimate, Estimator } from './estimator.js';
import { HotKeys } from './hot-keys.js';
import { SampledStack, UNKNOWN } from './sampled-stack.js';

/** Blocks deeper than so many times the capacity are of no interest. */
const DEEPEST_SCALE = Math.max(...CAPACITY_SCALES.map(Number));
/** Share of the blocks that a stack whose depth is known is made for; the rest is room for hot ones. */
const FILLED = 7 / 8;
/** A stack is replaced by one of a higher rate when that is so many times as high. */
const WORTH_RAISING = 2;
/** References for each block of its depth after which a stack counts as filled, whatever it holds. */
const LONG_ENOUGH = 16;
/** Weights grow instead of all counts shrinking; at this one the counts are divided by it. */
const MOST_WEIGHT = 2 ** 40;

export interface TierCurveOptions {
  readonly hash: KeyHash;
  readonly seed: number;
  readonly rate: number;
  readonly maxBlocks: number;
  readonly halfLifeMs: number;
  /** Told how many blocks were dropped from a full sample. */
  readonly onDropped?: (blocks: number) => void;
}

/** The reuse distances of one tier of one source, as far as its sample tells them. */
export class TierCurve {
  readonly #options: TierCurveOptions;
  /** Two 32-bit hashes stand for a key; the second one is needed of few. */
  readonly #check: KeyHash;
  readonly #hotKeys = new HotKeys();
  readonly #estimator = new Estimator();
  #stack: SampledStack;
  /** Fills up until it knows as much as the stack that it replaces. */
  #next: SampledStack | undefined;
  #referencesOfNext = 0;
  #untilVote = 1;
  #depth = Number.POSITIVE_INFINITY;
  #references = 0;
  #weight = 1;
  #weightTime = Number.NEGATIVE_INFINITY;

  constructor(options: TierCurveOptions) {
    this.#options = options;
    this.#check = createKeyHash((options.seed ^ 0x9e3779b9) >>> 0);
    this.#stack = new SampledStack(options.rate, options.maxBlocks, options.onDropped);
  }

  /** References so far. {block} */
  get references(): number {
    return this.#references;
  }

  /** Share of blocks sampled now. */
  get rate(): number {
    return this.#stack.rate;
  }

  /** Sampled blocks now. {block} */
  get sampledBlocks(): number {
    return this.#stack.sampled;
  }

  /** Blocks followed now, at most twice `maxBlocks`. {block} */
  get size(): number {
    return this.#stack.size + (this.#next?.size ?? 0);
  }

  /** Counts references, in their order. @param time epoch ms */
  refer(keys: readonly BlockKey[], time: number): void {
    this.#passTo(time);
    this.#references += keys.length;
    this.#estimator.refer(keys.length * this.#weight);
    const { hash } = this.#options;
    const hotKeys = this.#hotKeys;
    let threshold = this.#threshold();
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as BlockKey;
      const hashed = hash(key);
      const hot = hotKeys.has(hashed);
      if (--this.#untilVote === 0) this.#vote(hashed);
      if (!hot && hashed >= threshold) continue;
      this.#follow(key, hashed, hot);
      threshold = this.#threshold();
    }
    if (this.#next !== undefined) this.#replaceWhenFilled(keys.length);
  }

  /** All blocks left, and would have at any capacity. @returns how many were forgotten */
  clear(): number {
    this.#next = undefined;
    return this.#stack.clear();
  }

  /** The tier holds so many blocks: what lies deeper than the largest scale needs not be followed. */
  adapt(capacity: number): void {
    this.#depth = DEEPEST_SCALE * Math.max(1, capacity);
    this.#stack.limit(this.#depth);
    this.#next?.limit(this.#depth);
    const { rate, maxBlocks, onDropped } = this.#options;
    const possible = Math.min(rate, (FILLED * maxBlocks) / this.#depth);
    if (this.#next !== undefined || this.#stack.rate * WORTH_RAISING > possible) return;
    this.#next = new SampledStack(possible, maxBlocks, onDropped);
    this.#next.limit(this.#depth);
    this.#referencesOfNext = 0;
  }

  /** What an LRU of `capacity` blocks would have held of the references so far, of which there are some. */
  estimate(capacity: number): Estimate {
    return this.#estimator.estimate(capacity, this.#stack.rate);
  }

  /** Keys whose hash is not below this are in no stack. */
  #threshold(): number {
    return Math.max(this.#stack.threshold, this.#next?.threshold ?? 0);
  }

  #vote(hashed: number): void {
    this.#untilVote = this.#hotKeys.skip();
    if (!this.#hotKeys.vote(hashed)) return;
    const isHot = (hash: number) => this.#hotKeys.has(hash);
    this.#stack.cool(isHot);
    this.#next?.cool(isHot);
  }

  #follow(key: BlockKey, hashed: number, hot: boolean): void {
    const stack = this.#stack;
    const check = this.#check(key);
    this.#next?.reference(hashed, check, hot);
    const distance = stack.reference(hashed, check, hot);
    if (distance === UNKNOWN) return;
    // Seen from the middle of the unsampled blocks around; at rate 1 between the distances that hit and that miss.
    const blocks = (distance + 0.5) / stack.rate;
    if (stack.topIsHot) this.#estimator.addHot(blocks, this.#weight);
    else this.#estimator.addSampled(blocks, this.#weight / stack.rate, check);
  }

  #replaceWhenFilled(references: number): void {
    this.#referencesOfNext += references;
    const next = this.#next as SampledStack;
    if (!next.bottomed && this.#referencesOfNext < LONG_ENOUGH * this.#depth) return;
    this.#stack = next;
    this.#next = undefined;
  }

  #passTo(time: number): void {
    const passed = time - this.#weightTime;
    if (!(passed > 0) || time === Number.POSITIVE_INFINITY) return;
    this.#weightTime = time;
    if (passed === Number.POSITIVE_INFINITY) return;
    this.#weight *= 2 ** (passed / this.#options.halfLifeMs);
    if (this.#weight < MOST_WEIGHT) return;
    this.#estimator.scale(1 / this.#weight);
    this.#weight = 1;
  }
}
