import { TASK_OPERATIONS, TIERS } from '@kvscope/core';
import { FIELD, FLAG, KIND, RECORD_BYTES, type RecordViews, SPAN } from '../record.js';
import type { TraceWindow } from '../ring/control.js';
import type { TraceState } from '../state.js';
import { Layers } from './layers.js';
import { tasksByWord } from './tasks.js';
import { TierFigures } from './tier.js';

/** The part of a state that comes from records. */
export type Aggregate = Pick<
  TraceState,
  'sampled' | 'events' | 'moved' | 'outside' | 'malformed' | 'negative' | 'tasks' | 'layers'
> & { readonly tiers: readonly TierFigures[] };

/**
 * Folds records into the figures of one window. Whether a record is of the window is a matter of its time, not of when
 * it arrives: one that comes after the window has ended still counts when what it tells of was before.
 */
export class Aggregator {
  readonly #window: TraceWindow;
  readonly #tasks = tasksByWord(() => void this.#negative++);
  readonly #layers = new Layers();
  readonly #tiers = TIERS.map(() => new TierFigures());
  readonly #moved = { load: 0, dump: 0 };
  #sampled = false;
  #events = 0;
  #outside = 0;
  #malformed = 0;
  #negative = 0;

  constructor(window: TraceWindow) {
    this.#window = window;
  }

  /** @param endTime of the window, if it has ended; @param now local time */
  fold(views: RecordViews, place: number, endTime: number | undefined, now: number): void {
    const time = views.f64[(place * RECORD_BYTES) / 8 + FIELD.time] as number;
    if (!Number.isFinite(time)) {
      this.#malformed++;
      return;
    }
    if (time < (this.#window.startTime ?? time) || time > (endTime ?? time)) {
      this.#outside++;
      return;
    }
    const shift = (views.u8[place * RECORD_BYTES + FIELD.flags] as number) & FLAG.shift;
    if (shift > 0) this.#sampled = true;
    const weight = 2 ** shift;
    if (this.#add(views, place, weight, now)) this.#events += weight;
    else this.#malformed++;
  }

  sweep(now: number): void {
    this.#layers.sweep(now);
  }

  result(): Aggregate {
    return {
      sampled: this.#sampled,
      events: this.#events,
      moved: { ...this.#moved },
      outside: this.#outside,
      malformed: this.#malformed,
      negative: this.#negative,
      tasks: Object.fromEntries(
        TASK_OPERATIONS.map((operation, word) => [operation, this.#tasks[word]?.state()]),
      ) as Aggregate['tasks'],
      layers: this.#layers.state(),
      tiers: this.#tiers,
    };
  }

  /** @returns false for a record that contradicts itself, of which nothing is counted then */
  #add(views: RecordViews, place: number, weight: number, now: number): boolean {
    const { f64, f32, u32, u8 } = views;
    const words = (place * RECORD_BYTES) / 4;
    const at = place * RECORD_BYTES;
    const span = f32[words + FIELD.spans + SPAN.start] as number;
    const count = (u32[words + FIELD.count] as number) * weight;
    const flags = u8[at + FIELD.flags] as number;
    const tier = this.#tiers[u8[at + FIELD.tier] as number];
    if (tier === undefined) return false;
    switch (u8[at + FIELD.kind]) {
      case KIND.task: {
        const tasks = this.#tasks[u8[at + FIELD.word] as number];
        if (tasks === undefined || !Number.isFinite(span)) return false;
        tasks.fold(views, place, weight);
        return true;
      }
      case KIND.io: {
        if (!Number.isFinite(span)) return false;
        const io = u8[at + FIELD.word] === 0 ? tier.read : tier.write;
        io.calls.add(this.#floored(span), weight);
        const queued = (f32[words + FIELD.spans + SPAN.pickedUp] as number) - span;
        if (Number.isFinite(queued)) io.queue.add(this.#floored(queued), weight);
        if ((flags & FLAG.failed) !== 0) io.errors += weight;
        else io.bytes += (f64[place * (RECORD_BYTES / 8) + FIELD.bytes] as number) * weight;
        return true;
      }
      case KIND.lookup:
        tier.lookups += weight;
        tier.asked += count;
        tier.hits += (u32[words + FIELD.part] as number) * weight;
        return true;
      case KIND.stored:
        tier.stored += count;
        return true;
      case KIND.evicted:
        tier.evicted += count;
        return true;
      case KIND.accessed:
        tier.accessed += count;
        return true;
      case KIND.transfer:
        return this.#transferred(u8[at + FIELD.tier] as number, u8[at + FIELD.word] as number, {
          bytes: (f64[place * (RECORD_BYTES / 8) + FIELD.bytes] as number) * weight,
        });
      case KIND.layerWaited:
        if (!Number.isFinite(span)) return false;
        // Waits for saves are in the save tail.
        if (u8[at + FIELD.word] !== 0) return true;
        this.#layers.waited(
          u32[words + FIELD.batch] as number,
          (flags & FLAG.first) !== 0,
          this.#floored(span),
          weight,
          now,
        );
        return true;
      case KIND.layerLoaded:
        if (!Number.isFinite(span)) return false;
        this.#layers.loaded(
          u32[words + FIELD.batch] as number,
          (flags & FLAG.first) !== 0,
          this.#floored(span),
          weight,
          now,
        );
        return true;
      case KIND.batch:
        this.#layers.finished(u32[words + FIELD.batch] as number, this.#flooredOrNone(span), weight);
        return true;
      default:
        return false;
    }
  }

  /** By direction; a transfer between nodes stays in its tier and is neither. */
  #transferred(from: number, to: number, { bytes }: { bytes: number }): boolean {
    if (!(bytes >= 0)) return false;
    if (to < from) this.#moved.load += bytes;
    if (to > from) this.#moved.dump += bytes;
    return true;
  }

  #floored(ms: number): number {
    if (ms >= 0) return ms;
    this.#negative++;
    return 0;
  }

  #flooredOrNone(ms: number): number {
    return Number.isFinite(ms) ? this.#floored(ms) : Number.NaN;
  }
}
