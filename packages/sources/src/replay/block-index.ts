/** Says that a block is not there. */
export const ABSENT = -1;

const LEAST_PLACES = 1024;

/**
 * Where each block is: a hash table from block ids (whole numbers from 0 to 2^53 - 1) to slots, in typed arrays
 * with linear probing, at most half full. A Map cannot do it: under churn it fails above 2^23 entries.
 */
export class BlockIndex {
  #ids = new Float64Array(LEAST_PLACES).fill(ABSENT);
  #slots = new Int32Array(LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  #size = 0;

  /** The block's slot, or {@link ABSENT}. */
  find(id: number): number {
    const place = this.#placeOf(id);
    return this.#ids[place] === id ? (this.#slots[place] as number) : ABSENT;
  }

  /** Adds a block that is not there. */
  add(id: number, slot: number): void {
    if (2 * (this.#size + 1) > this.#ids.length) this.#grow();
    this.#put(id, slot);
    this.#size++;
  }

  /** Removes a block that is there. */
  remove(id: number): void {
    let gap = this.#placeOf(id);
    this.#size--;
    // Whoever was pushed along by the block moves back, so that no search ends early at the gap.
    for (let place = (gap + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const other = this.#ids[place] as number;
      if (other === ABSENT) break;
      const home = this.#homeOf(other);
      if (((place - home) & this.#mask) < ((place - gap) & this.#mask)) continue;
      this.#ids[gap] = other;
      this.#slots[gap] = this.#slots[place] as number;
      gap = place;
    }
    this.#ids[gap] = ABSENT;
  }

  /** The place that has the id, or the free one where it would go. */
  #placeOf(id: number): number {
    let place = this.#homeOf(id);
    for (;;) {
      const other = this.#ids[place];
      if (other === id || other === ABSENT) return place;
      place = (place + 1) & this.#mask;
    }
  }

  /** Multiplying by odd constants spreads runs of ids, which prefix blocks come in; the shift brings down high bits. */
  #homeOf(id: number): number {
    const high = (id / 0x1_0000_0000) | 0;
    const mixed = Math.imul((id | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }

  #put(id: number, slot: number): void {
    const place = this.#placeOf(id);
    this.#ids[place] = id;
    this.#slots[place] = slot;
  }

  #grow(): void {
    const [ids, slots] = [this.#ids, this.#slots];
    this.#ids = new Float64Array(2 * ids.length).fill(ABSENT);
    this.#slots = new Int32Array(2 * ids.length);
    this.#mask = this.#ids.length - 1;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      if (id !== ABSENT) this.#put(id, slots[i] as number);
    }
  }
}
