import { TASK_OPERATIONS, type TaskOperation } from '@kvscope/core';
import { FIELD, FLAG, RECORD_BYTES, type RecordViews, SPAN } from '../record.js';
import { type OperationState, STAGES, type StageName } from '../state.js';
import { Distribution } from './distribution.js';

const NAMES: readonly StageName[] = ['queue', 'dispatch', 'wait', 'copy', 'handoff'];

/** The marks that a stage lies between, as places of their spans. */
const BETWEEN: Readonly<
  Record<TaskOperation, Readonly<Partial<Record<StageName, readonly [number, number]>>>>
> = {
  load: {
    queue: [SPAN.start, SPAN.pickedUp],
    dispatch: [SPAN.pickedUp, SPAN.dispatched],
    wait: [SPAN.dispatched, SPAN.ready],
    copy: [SPAN.ready, SPAN.copied],
  },
  dump: {
    queue: [SPAN.start, SPAN.pickedUp],
    dispatch: [SPAN.pickedUp, SPAN.dispatched],
    copy: [SPAN.dispatched, SPAN.copied],
    handoff: [SPAN.copied, SPAN.handedOff],
  },
};

/** The stages of loads or of dumps. */
export class Tasks {
  readonly #stages: readonly [StageName, number, number][];
  readonly #distributions = distributions();
  readonly #whole = new Distribution();
  readonly #failed = new Distribution();
  readonly #shares = zeros();
  readonly #lengths = zeros();
  #marked = { count: 0, sum: 0 };
  #blocks = 0;
  #bytes = 0;
  readonly #negative: () => void;

  /** @param negative told of each interval below 0, which counts as 0 */
  constructor(operation: TaskOperation, negative: () => void) {
    this.#negative = negative;
    this.#stages = STAGES[operation].map((name) => [name, ...(BETWEEN[operation][name] as [number, number])]);
  }

  fold({ f64, f32, u32, u8 }: RecordViews, place: number, weight: number): void {
    const spans = (place * RECORD_BYTES) / 4 + FIELD.spans;
    const total = this.#floored(f32[spans + SPAN.start] as number);
    let reached = 0;
    let complete = true;
    for (const [name, from, to] of this.#stages) {
      const length = (f32[spans + from] as number) - (f32[spans + to] as number);
      if (Number.isNaN(length)) {
        complete = false;
        continue;
      }
      const floored = this.#floored(length);
      this.#distributions[name].add(floored, weight);
      this.#lengths[name] = floored;
      reached += floored;
    }
    const failed = ((u8[place * RECORD_BYTES + FIELD.flags] as number) & FLAG.failed) !== 0;
    (failed ? this.#failed : this.#whole).add(total, weight);
    if (failed) return;
    this.#blocks += (u32[(place * RECORD_BYTES) / 4 + FIELD.count] as number) * weight;
    this.#bytes += (f64[(place * RECORD_BYTES) / 8 + FIELD.bytes] as number) * weight;
    if (!complete) return;
    // The sum of its stages and not its end to end, so that the shares are a partition also where one was floored.
    this.#marked.count += weight;
    this.#marked.sum += reached * weight;
    for (const [name] of this.#stages) this.#shares[name] += this.#lengths[name] * weight;
  }

  state(): OperationState {
    const stages = Object.fromEntries(NAMES.map((name) => [name, this.#distributions[name].state()]));
    return {
      stages: stages as OperationState['stages'],
      whole: this.#whole.state(),
      failed: this.#failed.state(),
      shares: { ...this.#shares },
      marked: { ...this.#marked },
      blocks: this.#blocks,
      bytes: this.#bytes,
    };
  }

  #floored(length: number): number {
    if (length >= 0) return length;
    this.#negative();
    return 0;
  }
}

/** Both operations, by the word in a record. */
export function tasksByWord(negative: () => void): readonly Tasks[] {
  return TASK_OPERATIONS.map((operation) => new Tasks(operation, negative));
}

function distributions(): Record<StageName, Distribution> {
  return Object.fromEntries(NAMES.map((name) => [name, new Distribution()])) as Record<
    StageName,
    Distribution
  >;
}

function zeros(): Record<StageName, number> {
  return { queue: 0, dispatch: 0, wait: 0, copy: 0, handoff: 0 };
}
