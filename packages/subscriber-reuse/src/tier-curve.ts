import { type BlockKey, CAPACITY_SCALES, createKeyCheck, type KeyHash } from '@kvscope/core';
import { type Estimate, Estimator } from './estimator.js';
import { Followed, PART } from './followed.js';
import { HotKeys } from './hot-keys.js';
import { SampledStack } from './sampled-stack.js';

/** Blocks deeper than so many times the capacity are of no interest. */
const DEEPEST_SCALE = Math.max(...CAPACITY_SCALES.map(Number));
/** Share of the blocks that a stack whose depth is known is made for; the rest is room for hot ones. */
const FILLED = 7 / 8;
/** A stack is replaced by one of a higher rate when that is so many times as high. */
const WORTH_RAISING = 2;
/** References for each block of its depth after which a stack counts as filled, whatever it holds. */
const LONG_ENOUGH = 16;
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
  /** References that are not in the stack and in the estimator yet: whoever asks these has to settle first. */
  readonly #followed: Followed;
  readonly #hotKeys = new HotKeys();
  readonly #estimator = new Estimator();
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
    this.#followed = new Followed(options.hash, createKeyCheck(options.seed));
    this.#stack = new SampledStack(options.rate, options.maxBlocks, options.onDropped);
  }

  /** References so far. {block} */
  get references(): number {
    return this.#references;
  }

  /** Share of blocks sampled now. */
  get rate(): number {
    this.settle();
    return this.#stack.rate;
  }

  /** Sampled blocks now. {block} */
  get sampledBlocks(): number {
    this.settle();
    return this.#stack.sampled;
  }

  /** Blocks followed now, at most twice `maxBlocks`. {block} */
  get size(): number {
    this.settle();
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
    this.settle();
    this.#next = undefined;
    return this.#stack.clear();
  }

  /** The tier holds so many blocks: what lies deeper than the largest scale needs not be followed. */
  adapt(capacity: number): void {
    this.settle();
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
    this.settle();
    return this.#estimator.estimate(capacity, this.#stack.rate);
  }

  /** Follows the references that wait, and tells what they made drop out. */
  settle(): void {
    const followed = this.#followed;
    if (this.#next !== undefined) this.#lead(this.#next);
    const stack = this.#stack;
    let counted = 0;
    for (let done = 0; done < followed.size; ) {
      done = stack.follow(followed, done);
      if (stack.scale === this.#scale) continue;
      // The rate was lowered for the last one: those before it count what they did until then.
      this.#estimator.add(followed, counted, done - 1);
      counted = done - 1;
      this.#weigh();
    }
    this.#estimator.add(followed, counted, followed.size);
    followed.size = 0;
  }

  #referPart(keys: readonly BlockKey[], from: number): void {
    const followed = this.#followed;
    const hotKeys = this.#hotKeys;
    const length = Math.min(PART, keys.length - from);
    followed.hash(keys, from, length);
    const count = followed.select(length, this.#lastSampled(), hotKeys);
    followed.add(keys, from, count, hotKeys, this.#stack);
    if (followed.size >= PART) this.settle();
    let voter = this.#untilVote;
    for (; voter < length; voter += hotKeys.skip()) this.#vote(followed.hashAt(voter));
    this.#untilVote = voter - length;
  }

  /** Keys whose hash is above this are in no stack; both with the sign turned. */
  #lastSampled(): number {
    const { lastSampled } = this.#stack;
    return this.#next === undefined ? lastSampled : Math.max(lastSampled, this.#next.lastSampled);
  }

  #vote(hashed: number): void {
    if (this.#hotKeys.vote(hashed)) this.#cool();
  }

  #cool(): void {
    this.settle();
    const isHot = (hash: number) => this.#hotKeys.has(hash);
    this.#stack.cool(isHot);
    this.#next?.cool(isHot);
  }

  /** What the stack that fills up makes of the references is not of interest yet. */
  #lead(next: SampledStack): void {
    const followed = this.#followed;
    for (let done = 0; done < followed.size; ) done = next.follow(followed, done);
  }

  #replaceWhenFilled(references: number): void {
    this.settle();
    this.#referencesOfNext += references;
    const next = this.#next as SampledStack;
    if (!next.bottomed && this.#referencesOfNext < LONG_ENOUGH * this.#depth) return;
    this.#stack = next;
    this.#next = undefined;
  }

  #passTo(time: number): void {
    const passed = time - this.#weightTime;
    if (!(passed >= this.#options.halfLifeMs * WEIGHT_STEP) || time === Number.POSITIVE_INFINITY) return;
    this.settle();
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
