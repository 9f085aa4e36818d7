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
/** Keys that are hashed before the first of them is followed. */
const PART = 256;
/** Part of a half-life after which the weight grows, by less than 0.07 %: a power for each event would be dear. */
const WEIGHT_STEP = 1 / 1024;
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
  /** Of a part of an event: the hash of each key, and at which keys there are hashes that are followed. */
  readonly #hashes = new Int32Array(PART);
  readonly #followed = new Uint16Array(PART);
  /** Of no meaning: written so that what is touched is read. */
  touched = 0;
  #stack: SampledStack;
  /** Fills up until it knows as much as the stack that it replaces. */
  #next: SampledStack | undefined;
  #referencesOfNext = 0;
  /** References that do not vote before the next one that does. */
  #untilVote = 0;
  #depth = Number.POSITIVE_INFINITY;
  #references = 0;
  #weight = 1;
  /** What the estimator was told of the stack. */
  #scale = 1;
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
    this.#estimator.refer(keys.length);
    for (let from = 0; from < keys.length; from += PART) this.#referPart(keys, from);
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

  /** Most keys are only hashed: that is a loop of its own, which the few that are followed do not hold up. */
  #referPart(keys: readonly BlockKey[], from: number): void {
    const { hash } = this.#options;
    const hashes = this.#hashes;
    const followed = this.#followed;
    const hotKeys = this.#hotKeys;
    const stack = this.#stack;
    const threshold = this.#threshold();
    const length = Math.min(PART, keys.length - from);
    let count = 0;
    let touched = 0;
    for (let i = 0; i < length; i++) {
      const hashed = hash(keys[from + i] as BlockKey);
      hashes[i] = hashed;
      if (hashed >= threshold && !hotKeys.has(hashed)) continue;
      followed[count++] = i;
      touched ^= stack.touch(hashed);
    }
    this.touched = touched;
    for (let at = 0; at < count; at++) {
      const i = followed[at] as number;
      this.#follow(keys[from + i] as BlockKey, hashes[i] as number);
    }
    for (; this.#untilVote < length; this.#untilVote += this.#hotKeys.skip())
      this.#vote(hashes[this.#untilVote] as number);
    this.#untilVote -= length;
  }

  #vote(hashed: number): void {
    if (this.#hotKeys.vote(hashed)) this.#cool();
  }

  #cool(): void {
    const isHot = (hash: number) => this.#hotKeys.has(hash);
    this.#stack.cool(isHot);
    this.#next?.cool(isHot);
  }

  #follow(key: BlockKey, hashed: number): void {
    const stack = this.#stack;
    const check = this.#check(key) | 0;
    const hot = this.#hotKeys.has(hashed);
    if (this.#next !== undefined) this.#next.reference(hashed, check, hot);
    const distance = stack.reference(hashed, check, hot);
    if (distance === UNKNOWN) return;
    if (stack.scale !== this.#scale) this.#weigh();
    if (stack.topIsHot) this.#estimator.addHot(distance);
    else this.#estimator.addSampled(distance, check);
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
    if (!(passed >= this.#options.halfLifeMs * WEIGHT_STEP) || time === Number.POSITIVE_INFINITY) return;
    this.#weightTime = time;
    if (passed === Number.POSITIVE_INFINITY) return;
    this.#weight *= 2 ** (passed / this.#options.halfLifeMs);
    if (this.#weight >= MOST_WEIGHT) {
      this.#estimator.scale(1 / this.#weight);
      this.#weight = 1;
    }
    this.#weigh();
  }

  #weigh(): void {
    this.#scale = this.#stack.scale;
    this.#estimator.weigh(this.#weight, this.#scale);
  }
}
