import { type RecordViews, recordViews } from '../record.js';
import type { TraceControl } from './control.js';
import { CONTROL_BYTES, INT, MOST_RECORDS, type ProducedRing, type Ring } from './layout.js';

const LAST_PLACE = MOST_RECORDS - 1;

/**
 * The producer's end of a ring. `claim` a record, fill it, `publish` it: nothing else may happen in between. It never
 * waits; what finds the ring full is dropped and counted.
 */
export class RingWriter {
  readonly views: RecordViews;
  /** Shared by all producers of the process, once there is a drain. */
  control: TraceControl;
  /** The sampling shift of the claimed record, for its flags. */
  shift = 0;
  readonly #ring: Ring;
  readonly #ints: Int32Array;
  readonly #storeHead: ProducedRing['storeHead'];
  readonly #mask: number;
  #head: number;
  /** The head that the ring is full at, as far as is known. */
  #full: number;
  #random: number;

  constructor(ring: ProducedRing, control: TraceControl) {
    this.#ring = ring;
    this.#ints = ring.ints;
    this.#storeHead = ring.storeHead;
    this.#mask = ring.records - 1;
    this.#head = ring.ints[INT.head] as number;
    this.#full = (this.#head + ring.records) | 0;
    this.#random = 0x9e3779b9 ^ (ring.ints[INT.thread] as number);
    this.views = recordViews(ring.buffer, CONTROL_BYTES);
    this.control = control;
  }

  get ring(): Ring {
    return this.#ring;
  }

  /** The place of the next record among those of the ring; -1 when the event is left out or dropped. */
  claim(): number {
    const { shift } = this.control;
    this.shift = shift;
    if (shift !== 0 && this.#leftOut(shift, this.#nextRandom())) return -1;
    if (this.#head === this.#full && this.#isFull()) return -1;
    // The constant tells the compiler how large a place can be: it leaves out what guards sums of places.
    return this.#head & this.#mask & LAST_PLACE;
  }

  /** As {@link claim}, for records that belong together: those of one hash are left out together. */
  claimOf(hash: number): number {
    const { shift } = this.control;
    this.shift = shift;
    if (shift !== 0 && this.#leftOut(shift, hash)) return -1;
    if (this.#head === this.#full && this.#isFull()) return -1;
    return this.#head & this.#mask & LAST_PLACE;
  }

  /** Hands the claimed record over: what was stored before is visible to whoever sees the new head. */
  publish(): void {
    const head = (this.#head + 1) | 0;
    this.#head = head;
    this.#storeHead(head);
  }

  /** Looks how far the consumer is by now, and counts a record that is dropped. */
  #isFull(): boolean {
    this.#full = (Atomics.load(this.#ints, INT.tail) + this.#mask + 1) | 0;
    if (this.#head !== this.#full) return false;
    const dropped = this.#ints[INT.dropped] as number;
    Atomics.store(this.#ints, INT.dropped, (dropped + 1) | 0);
    return true;
  }

  #leftOut(shift: number, random: number): boolean {
    if (random >>> (32 - shift) === 0) return false;
    const skipped = this.#ints[INT.skipped] as number;
    Atomics.store(this.#ints, INT.skipped, (skipped + 1) | 0);
    return true;
  }

  /**
   * Random, and not each 2^shift-th: events come in patterns, and one that repeats after 2^shift would be seen always
   * or never. Numerical Recipes' linear congruential generator, whose high bits are the good ones.
   */
  #nextRandom(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    return this.#random;
  }
}
