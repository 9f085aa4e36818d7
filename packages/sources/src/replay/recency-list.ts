import { ABSENT, BlockIndex } from './block-index.js';

const LEAST_SLOTS = 512;

/**
 * Blocks in the order of their last touch: a doubly linked list over typed arrays that grow with what is held.
 * Each block keeps the mark of its last touch, a whole number from 0 to 2^32 - 1 that means something to the
 * caller only.
 */
export class RecencyList {
  readonly #index = new BlockIndex();
  /** A plain array: a number from a Float64Array is boxed anew each time it becomes a key. */
  readonly #ids: number[] = [];
  #marks = new Uint32Array(LEAST_SLOTS);
  #older = new Int32Array(LEAST_SLOTS);
  #newer = new Int32Array(LEAST_SLOTS);
  #oldest = ABSENT;
  #newest = ABSENT;
  #free = ABSENT;
  #size = 0;

  /** Blocks that are held. {block} */
  get size(): number {
    return this.#size;
  }

  /** The block's slot, which stays its own until it is removed, or {@link ABSENT}. */
  find(id: number): number {
    return this.#index.find(id);
  }

  /** The slot of the least recently touched block, or {@link ABSENT} when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  idAt(slot: number): number {
    return this.#ids[slot] as number;
  }

  markAt(slot: number): number {
    return this.#marks[slot] as number;
  }

  /** Makes a block that is held the most recently touched. */
  touch(slot: number, mark: number): void {
    this.#marks[slot] = mark;
    if (slot === this.#newest) return;
    this.#unlink(slot);
    this.#linkNewest(slot);
  }

  /** Adds a block that is not held, as the most recently touched. */
  add(id: number, mark: number): void {
    let slot = this.#free;
    if (slot === ABSENT) {
      slot = this.#size;
      if (slot === this.#marks.length) this.#grow();
    } else {
      this.#free = this.#newer[slot] as number;
    }
    this.#ids[slot] = id;
    this.#marks[slot] = mark;
    this.#linkNewest(slot);
    this.#index.add(id, slot);
    this.#size++;
  }

  remove(slot: number): void {
    this.#index.remove(this.idAt(slot));
    this.#unlink(slot);
    // Free slots are chained through the same array.
    this.#newer[slot] = this.#free;
    this.#free = slot;
    this.#size--;
  }

  #linkNewest(slot: number): void {
    this.#older[slot] = this.#newest;
    this.#newer[slot] = ABSENT;
    if (this.#newest === ABSENT) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
  }

  #unlink(slot: number): void {
    const older = this.#older[slot] as number;
    const newer = this.#newer[slot] as number;
    if (older === ABSENT) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === ABSENT) this.#newest = older;
    else this.#older[newer] = older;
  }

  #grow(): void {
    const slots = 2 * this.#marks.length;
    this.#marks = copied(this.#marks, new Uint32Array(slots));
    this.#older = copied(this.#older, new Int32Array(slots));
    this.#newer = copied(this.#newer, new Int32Array(slots));
  }
}

function copied<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
