import { constants } from 'node:buffer';
import { type BlockKey, requireThat, type TierOccupancy } from '@kvscope/core';
import { Chain } from './chain.js';
import { HeldBlock } from './held-block.js';

export interface MemoryTierOptions {
  readonly tier: 'l0' | 'l1';
  /** Blocks it can hold. */
  readonly capacity: number;
  readonly slotBytes: number;
  readonly layers: number;
}

/**
 * One preallocated buffer cut into slots, the blocks in them, and who may leave: the least recently used block that
 * nothing pins. L0 and L1 are each one of these.
 */
export class MemoryTier {
  readonly tier: 'l0' | 'l1';
  readonly capacity: number;
  /** Called when a slot may have become available. */
  onRoom: () => void = () => {};
  readonly #arena: Buffer;
  readonly #slotBytes: number;
  readonly #layers: number;
  readonly #free: number[];
  readonly #blocks = new Map<BlockKey, HeldBlock>();
  /** Readable and not pinned. */
  readonly #idle = new Chain<HeldBlock>();
  #readable = 0;

  /** @throws RangeError when the tier would be larger than one buffer can be */
  constructor({ tier, capacity, slotBytes, layers }: MemoryTierOptions) {
    requireThat(
      capacity * slotBytes <= constants.MAX_LENGTH,
      `${tier}Blocks`,
      capacity,
      `at most ${Math.floor(constants.MAX_LENGTH / slotBytes)} blocks of ${slotBytes} B (one buffer)`,
    );
    this.tier = tier;
    this.capacity = capacity;
    this.#slotBytes = slotBytes;
    this.#layers = layers;
    this.#arena = Buffer.alloc(capacity * slotBytes);
    this.#free = Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
  }

  /** The block of a key, readable or still being filled. */
  find(key: BlockKey): HeldBlock | undefined {
    return this.#blocks.get(key);
  }

  holds(key: BlockKey): boolean {
    return this.#blocks.get(key)?.readable === true;
  }

  /** Slots that are free or can be made free now. */
  get room(): number {
    return this.#free.length + this.#idle.size;
  }

  /**
   * Gives a slot to a block that is not here, pinned once. The caller has made sure that there is {@link room}.
   * @param evicted receives the key of a block that had to leave
   * @param indexed false for a private copy that lookups never find
   */
  take(key: BlockKey, evicted: BlockKey[], indexed = true): HeldBlock {
    if (this.#free.length === 0) {
      const oldest = this.#idle.oldest;
      if (oldest === undefined) throw new Error(`${this.tier}: a slot was taken while there was no room`);
      this.drop(oldest);
      evicted.push(oldest.key);
    }
    const block = new HeldBlock(key, this.#free.pop() as number, this.#layers, indexed);
    if (indexed) this.#blocks.set(key, block);
    return block;
  }

  pin(block: HeldBlock): void {
    if (block.pins++ === 0) this.#idle.remove(block);
  }

  /** The last pin makes a readable block evictable (true), and frees the slot of one that never became readable. */
  unpin(block: HeldBlock): boolean {
    if (--block.pins > 0) return false;
    if (block.readable) this.#idle.add(block);
    else this.#vacate(block);
    this.onRoom();
    return block.readable;
  }

  /** A pinned block with all layers becomes readable; true when it was not before. */
  settle(block: HeldBlock): boolean {
    if (block.readable || !block.indexed || !block.whole) return false;
    block.readable = true;
    block.computing = false;
    this.#readable++;
    return true;
  }

  /** Readable blocks that nothing pins, as their keys. */
  idleKeys(): BlockKey[] {
    const keys: BlockKey[] = [];
    for (let block = this.#idle.oldest; block !== undefined; block = block.newer) keys.push(block.key);
    return keys;
  }

  /** A readable block that nothing pins leaves. */
  drop(block: HeldBlock): void {
    this.#idle.remove(block);
    this.#readable--;
    this.#vacate(block);
    this.onRoom();
  }

  /** The bytes of a block's slot. */
  bytes(block: HeldBlock): Buffer {
    return this.#arena.subarray(block.slot * this.#slotBytes, (block.slot + 1) * this.#slotBytes);
  }

  occupancy(): Pick<TierOccupancy, 'tier' | 'capacity' | 'evictable' | 'pinned' | 'unknown'> {
    const evictable = this.#idle.size;
    const { tier, capacity } = this;
    return { tier, capacity, evictable, pinned: this.#readable - evictable, unknown: 0 };
  }

  #vacate(block: HeldBlock): void {
    if (block.indexed) this.#blocks.delete(block.key);
    this.#free.push(block.slot);
  }
}
