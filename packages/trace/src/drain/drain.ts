import { TIERS } from '@kvscope/core';
import { Aggregator } from '../aggregation/aggregator.js';
import type { TraceControl } from '../ring/control.js';
import { FLOAT, INT, type Ring } from '../ring/layout.js';
import { RingReader, type RingSegment } from '../ring/ring-reader.js';
import { type ProducerState, STATE_VERSION, type TraceState } from '../state.js';
import { loopOf, sumOf } from './ring-figures.js';
import { SamplingGovernor } from './sampling-governor.js';

const MAX_RINGS = 1024;
/** A ring whose producer has not counted for so long is given up: its thread is gone. */
const GONE_MS = 30_000;

/** The producer of a ring that is drained. */
interface Producer {
  readonly reader: RingReader;
  beat: number;
  beatAt: number;
}

/** Told of each run of records, after it was folded. */
export type RecordTap = (ring: Ring, segment: RingSegment) => void;

/** Empties rings into the figures of the current window. It has neither thread nor timer of its own. */
export class Drain {
  readonly #control: TraceControl;
  readonly #pid: number;
  readonly #owner: number;
  readonly #now: () => number;
  readonly #startTime: number;
  readonly #producers = new Map<number, Producer>();
  /** Of those that are gone, at most as many as there may be rings. */
  readonly #gone = new Map<number, ProducerState>();
  readonly #governor = new SamplingGovernor();
  #aggregator: Aggregator;
  #epoch: number;
  #fill = 0;
  #droppedBefore = 0;
  /** Rings that there was no room for. */
  refused = 0;
  #ended = false;
  totals: TraceState['totals'] = { missing: 'the window goes on; they come when it ends' };
  tap: RecordTap | undefined;

  /** @param owner of the rings; not 0; @param now epoch ms */
  constructor(control: TraceControl, pid: number, owner: number, now: () => number) {
    this.#control = control;
    this.#pid = pid;
    this.#owner = owner;
    this.#now = now;
    this.#startTime = now();
    const { window } = control;
    this.#epoch = window.epoch;
    this.#aggregator = new Aggregator(window);
  }

  get rings(): readonly Ring[] {
    return [...this.#producers.values()].map(({ reader }) => reader.ring);
  }

  /** Becomes the consumer of a ring. @returns false when it has one, or there are too many */
  adopt(ring: Ring): boolean {
    const id = ring.ints[INT.id] as number;
    if (this.#producers.has(id)) return true;
    if (this.#producers.size >= MAX_RINGS) {
      this.refused++;
      return false;
    }
    const reader = new RingReader(ring);
    if (!reader.own(this.#owner)) return false;
    this.#gone.delete(id);
    this.#producers.set(id, { reader, beat: ring.ints[INT.beat] as number, beatAt: this.#now() });
    return true;
  }

  /** The producer has stopped: what is left of its ring is taken, and its counts are kept. */
  release(id: number): void {
    const producer = this.#producers.get(id);
    if (producer === undefined) return;
    this.#takeFrom(producer);
    this.#producers.delete(id);
    if (this.#gone.size >= MAX_RINGS) this.#mergeOldestGone();
    this.#gone.set(id, { ...this.#stateOf(producer.reader), loop: null });
    Atomics.store(producer.reader.ring.ints, INT.owner, 0);
  }

  /** Empties each ring once. @returns how full the fullest one was, 0 to 1 */
  pass(): number {
    if (this.#control.epoch !== this.#epoch) {
      const { window } = this.#control;
      this.#epoch = window.epoch;
      this.#aggregator = new Aggregator(window);
    }
    let fill = 0;
    for (const producer of this.#producers.values()) {
      fill = Math.max(fill, this.#takeFrom(producer) / producer.reader.ring.records);
    }
    this.#fill = Math.max(this.#fill, fill);
    return fill;
  }

  /** Decides on sampling, and gives up what has ended without saying so. Ten times a second. */
  tick(): void {
    const now = this.#now();
    this.#control.countBeat();
    const dropped = this.#countedStates().reduce((sum, state) => sum + state.dropped, 0);
    this.#control.shift = this.#governor.tick(dropped - this.#droppedBefore, this.#fill);
    this.#droppedBefore = dropped;
    this.#fill = 0;
    this.#aggregator.sweep(now);
    for (const [id, producer] of this.#producers) {
      const { ring } = producer.reader;
      const beat = ring.ints[INT.beat] as number;
      if (beat !== producer.beat) [producer.beat, producer.beatAt] = [beat, now];
      else if (now - producer.beatAt > GONE_MS) this.release(id);
    }
  }

  state(): TraceState {
    const { window } = this.#control;
    const { tiers, ...aggregate } = this.#aggregator.result();
    const rings = this.rings;
    return {
      version: STATE_VERSION,
      time: this.#now(),
      window: {
        name: window.name,
        startTime: window.startTime ?? this.#startTime,
        endTime: window.endTime ?? null,
      },
      ended: this.#ended,
      shift: this.#control.shift,
      ...aggregate,
      tiers: Object.fromEntries(
        TIERS.map((tier, i) => [
          tier,
          tiers[i]?.state(sumOf(rings, FLOAT.resident + i), sumOf(rings, FLOAT.limit + i)),
        ]),
      ) as TraceState['tiers'],
      producers: this.#countedStates(),
      totals: this.totals,
    };
  }

  /** Nothing comes any more. */
  end(): void {
    this.#ended = true;
    if ('values' in this.totals || this.#control.endTime !== undefined) return;
    this.totals = { missing: 'the trace ended before its window did' };
  }

  #takeFrom({ reader }: Producer): number {
    // A producer that has given up on this drain may have another one by now.
    if (!reader.ownedBy(this.#owner)) {
      this.#producers.delete(reader.ring.ints[INT.id] as number);
      return 0;
    }
    const { endTime } = this.#control;
    const now = this.#now();
    return reader.take((segment) => {
      const { views, first, count } = segment;
      for (let place = first; place < first + count; place++) {
        this.#aggregator.fold(views, place, endTime, now);
      }
      this.tap?.(reader.ring, segment);
    });
  }

  #countedStates(): ProducerState[] {
    const live = [...this.#producers.values()].map(({ reader }) => this.#stateOf(reader));
    return [...live, ...this.#gone.values()];
  }

  #stateOf(reader: RingReader): ProducerState {
    const { emitted, delivered, dropped, skipped } = reader.totals();
    const { ints } = reader.ring;
    const thread = ints[INT.thread] as number;
    return { pid: this.#pid, thread, emitted, delivered, dropped, skipped, loop: loopOf(reader.ring) };
  }

  /** The counts of the oldest two are kept together, so that none is lost. */
  #mergeOldestGone(): void {
    const [first, second] = this.#gone;
    if (first === undefined || second === undefined) return;
    this.#gone.delete(first[0]);
    const [a, b] = [first[1], second[1]];
    this.#gone.set(second[0], {
      ...b,
      emitted: a.emitted + b.emitted,
      delivered: a.delivered + b.delivered,
      dropped: a.dropped + b.dropped,
      skipped: a.skipped + b.skipped,
    });
  }
}
