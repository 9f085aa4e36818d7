import { type AttributeSet, attributeSetsOf, type MetricDeclaration, requireThat } from '@kvscope/core';
import type { FastRecorder } from '../fast-recorder.js';
import { checkMessage, isStats } from './check-message.js';
import { declarationOf, type MetricStats, type StatsMessage } from './message.js';
import { isPort, listen, type StatsPort } from './port.js';
import { Standing } from './standing.js';

/** Incarnations of workers whose last sequence number is remembered; the one that was silent for longest goes first. */
const MAX_INCARNATIONS = 1024;

/** What came in so far. */
export interface StatsCounts {
  /** Messages that were added in. */
  readonly messages: number;
  /** Messages that had been added in before, and were not again. */
  readonly repeated: number;
  /** Messages that never came, known from the numbers of those that did. */
  readonly missed: number;
  /** Messages that could not be understood, and metrics of others that are not what they are here. */
  readonly refused: number;
}

/** Adds what workers forward to what a recorder gathers itself. */
export class StatsCollector {
  readonly #recorder: FastRecorder;
  readonly #fail: (error: unknown) => void;
  readonly #lastSequences = new Map<string, number>();
  /** Observable counters of all workers, the gone ones too: they only grow. */
  readonly #grown: Standing;
  readonly #counts = { messages: 0, repeated: 0, missed: 0, refused: 0 };

  /** @param fail told of each message that is refused, and of each that is missed */
  constructor(recorder: FastRecorder, fail: (error: unknown) => void) {
    this.#recorder = recorder;
    this.#fail = fail;
    this.#grown = new Standing(recorder);
  }

  get counts(): StatsCounts {
    return { ...this.#counts };
  }

  /**
   * Adds in what comes from a port until it ends or the returned function is called. What its worker counted stays in
   * the totals; what it held (occupancy, say) goes with it.
   * @throws RangeError for something that is no port
   */
  collect(port: StatsPort): () => void {
    requireThat(
      isPort(port),
      'port',
      port,
      'a Worker, a MessagePort, or a child process or cluster worker with a channel',
    );
    const held = new Standing(this.#recorder);
    const stop = listen(
      port,
      (message) => this.#receive(message, held),
      () => end(),
    );
    const end = (): void => {
      stop();
      held.end();
    };
    return end;
  }

  #receive(message: unknown, held: Standing): void {
    if (!isStats(message)) return;
    try {
      const stats = checkMessage(message);
      if (!this.#isNew(stats)) return;
      held.begin();
      for (const metric of stats.metrics) this.#takeIfAlike(metric, held);
      this.#counts.messages++;
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** One metric that is of another kind here, such as an exponential histogram, does not keep the others out. */
  #takeIfAlike(metric: MetricStats, held: Standing): void {
    try {
      this.#take(metric, held);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#counts.refused++;
    this.#fail(error);
  }

  #isNew({ worker, incarnation, sequence }: StatsMessage): boolean {
    const last = this.#lastSequences.get(incarnation) ?? 0;
    if (sequence <= last) {
      this.#counts.repeated++;
      return false;
    }
    const missed = sequence - last - 1;
    if (missed > 0) {
      this.#counts.missed += missed;
      this.#fail(new Error(`${missed} messages of worker ${worker} never came`));
    }
    this.#lastSequences.delete(incarnation);
    this.#lastSequences.set(incarnation, sequence);
    if (this.#lastSequences.size > MAX_INCARNATIONS) {
      const [oldest] = this.#lastSequences.keys();
      this.#lastSequences.delete(oldest as string);
    }
    return true;
  }

  #take(stats: MetricStats, held: Standing): void {
    const { name, instrument, points } = stats;
    const declaration = declarationOf(stats);
    for (const [attributes, value] of points) {
      const set = attributeSetsOf(this.#recorder).adopt(attributes);
      if (instrument === 'observableCounter') this.#grown.add(name, declaration, set, value as number);
      else if (instrument === 'histogram' || instrument === 'counter')
        this.#merge(name, declaration, set, value);
      else held.set(name, declaration, set, value as number);
    }
  }

  #merge(
    name: string,
    declaration: MetricDeclaration,
    set: AttributeSet,
    value: MetricStats['points'][0][1],
  ): void {
    this.#recorder.metric(name, declaration).at(set, this.#recorder.now()).recent.merge(value);
  }
}
