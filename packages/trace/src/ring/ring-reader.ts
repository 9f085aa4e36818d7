import { type RecordViews, recordViews } from '../record.js';
import { CONTROL_BYTES, FLOAT, INT, type Ring } from './layout.js';

/** Records that lie one behind the other in the ring. */
export interface RingSegment {
  readonly views: RecordViews;
  /** Place of the first one. */
  readonly first: number;
  readonly count: number;
  /** Sequence number of the first one. */
  readonly sequence: number;
}

/** What became of the events of one producer: `emitted = delivered + dropped`, and what is still in the ring. */
export interface RingTotals {
  /** Records offered to the ring. */
  readonly emitted: number;
  readonly delivered: number;
  readonly dropped: number;
  /** Events that sampling left out; they were not emitted. */
  readonly skipped: number;
  /** Records that are in the ring now. */
  readonly waiting: number;
}

/** The consumer's end of a ring. */
export class RingReader {
  readonly ring: Ring;
  readonly #views: RecordViews;

  constructor(ring: Ring) {
    this.ring = ring;
    this.#views = recordViews(ring.buffer, CONTROL_BYTES);
  }

  /** Becomes the ring's consumer, unless it has one. @param owner not 0 */
  own(owner: number): boolean {
    const before = Atomics.compareExchange(this.ring.ints, INT.owner, 0, owner);
    return before === 0 || before === owner;
  }

  /** Whether the ring still takes this consumer for its own; a producer may have given up on it. */
  ownedBy(owner: number): boolean {
    return Atomics.load(this.ring.ints, INT.owner) === owner;
  }

  /** Takes what is there, in one segment or two. @returns the number of records taken */
  take(visit: (segment: RingSegment) => void): number {
    const { ints, floats, records } = this.ring;
    const tail = ints[INT.tail] as number;
    const count = (Atomics.load(ints, INT.head) - tail) | 0;
    if (count > 0) {
      const first = tail & (records - 1);
      const untilEnd = Math.min(count, records - first);
      visit({ views: this.#views, first, count: untilEnd, sequence: tail >>> 0 });
      if (untilEnd < count) {
        const sequence = (tail + untilEnd) >>> 0;
        visit({ views: this.#views, first: 0, count: count - untilEnd, sequence });
      }
      floats[FLOAT.delivered] = (floats[FLOAT.delivered] as number) + count;
      Atomics.store(ints, INT.tail, (tail + count) | 0);
    }
    this.#extend(INT.dropped, INT.droppedSeen, FLOAT.dropped);
    this.#extend(INT.skipped, INT.skippedSeen, FLOAT.skipped);
    return count;
  }

  totals(): RingTotals {
    const { ints, floats } = this.ring;
    const waiting = (Atomics.load(ints, INT.head) - (ints[INT.tail] as number)) | 0;
    const [delivered, dropped] = [floats[FLOAT.delivered] as number, floats[FLOAT.dropped] as number];
    return {
      emitted: delivered + dropped + waiting,
      delivered,
      dropped,
      skipped: floats[FLOAT.skipped] as number,
      waiting,
    };
  }

  /** Carries a counter that wraps over into a total that does not. */
  #extend(counter: number, seen: number, total: number): void {
    const { ints, floats } = this.ring;
    const now = Atomics.load(ints, counter);
    floats[total] = (floats[total] as number) + ((now - (ints[seen] as number)) | 0);
    ints[seen] = now;
  }
}
