import type { BlockKey, EvictionReason } from '@kvscope/core';

interface Block {
  stored: number;
  touched: number;
  active: number;
  accesses: number;
  left: number | undefined;
}

/** What the lifecycle of blocks comes to in one tier at rate 1, written as plainly as possible; times in seconds. */
export class LifecycleModel {
  readonly blocks = new Map<BlockKey, Block>();
  readonly lifetimes: number[] = [];
  readonly idleTimes: number[] = [];
  readonly reuses: number[] = [];
  readonly gaps: number[] = [];
  readonly returns: number[] = [];
  misses = 0;
  refused = 0;
  readonly #window: number;
  readonly #maxResidents: number;
  readonly #maxGhosts: number;

  constructor(window: number, maxResidents: number, maxGhosts: number) {
    this.#window = window;
    this.#maxResidents = maxResidents;
    this.#maxGhosts = maxGhosts;
  }

  get residents(): number {
    return [...this.blocks.values()].filter(({ left }) => left === undefined).length;
  }

  get ghosts(): number {
    return this.blocks.size - this.residents;
  }

  store(keys: readonly BlockKey[], time: number): void {
    this.#expire(time);
    const seen = new Set<BlockKey>();
    // A block that is named twice is touched once, but refused as often as it is named.
    for (const key of keys) {
      const block = this.blocks.get(key);
      if (block !== undefined && block.left === undefined) {
        if (!seen.has(key)) this.#touch(block, time);
        seen.add(key);
        continue;
      }
      if (block?.left !== undefined) this.returns.push(time - block.left);
      this.blocks.delete(key);
      if (this.residents >= this.#maxResidents) this.refused++;
      else {
        seen.add(key);
        this.blocks.set(key, { stored: time, touched: time, active: time, accesses: 0, left: undefined });
      }
    }
  }

  access(keys: readonly BlockKey[], time: number): void {
    this.#expire(time);
    for (const key of new Set(keys)) {
      const block = this.blocks.get(key);
      if (block === undefined || block.left !== undefined) continue;
      this.#touch(block, time);
      block.accesses++;
    }
  }

  evict(keys: readonly BlockKey[], time: number, reason: EvictionReason): void {
    this.#expire(time);
    for (const key of keys) {
      const block = this.blocks.get(key);
      if (block === undefined || block.left !== undefined) continue;
      this.lifetimes.push(time - block.stored);
      this.idleTimes.push(time - block.active);
      this.reuses.push(block.accesses);
      const full = this.ghosts >= this.#maxGhosts;
      if (reason === 'capacity' && full) this.refused++;
      if (reason === 'capacity' && !full) block.left = time;
      else this.blocks.delete(key);
    }
  }

  #touch(block: Block, time: number): void {
    this.gaps.push(time - block.touched);
    block.touched = time;
    block.active = time;
  }

  #expire(time: number): void {
    for (const [key, { left }] of this.blocks) {
      if (left === undefined || time - left < this.#window) continue;
      this.blocks.delete(key);
      this.misses++;
    }
  }
}
