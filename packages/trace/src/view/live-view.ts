import type { TraceState } from '../state.js';
import { TRACE_ENDED } from '../transport/frames.js';
import { mergeStates } from './merge-states.js';
import { type Rates, ratesBetween, ratesOfWindow } from './rates.js';
import { BACKPRESSURE_SHARE, verdictOf } from './verdict.js';

export type Status = 'WAITING' | 'LIVE' | 'BACKPRESSURE' | 'TAIL' | 'DONE';

/** All that a frame shows. */
export interface ViewState {
  /** The processes that it is about. */
  readonly subject: string;
  readonly state: TraceState | undefined;
  readonly status: Status;
  readonly rates: Rates | undefined;
  /** Established TCP connections of the process trees; undefined where nobody can tell. */
  readonly connections: number | undefined;
  /** The window is over, or nobody is there to say more. */
  readonly frozen: boolean;
  /** A line for the reader, such as how a process ended. */
  readonly note: string;
}

/** Rates are those of the last second or longer. */
const RATE_MS = 1000;
/** Refreshes without an event after which nothing seems to be submitted any more. */
const TAIL_REFRESHES = 2;

/** Follows the states of some processes from refresh to refresh. */
export class LiveView {
  readonly #subject: string;
  readonly #latest = new Map<string, TraceState>();
  readonly #ended = new Map<string, string | undefined>();
  #history: TraceState[] = [];
  #refreshes: number[] = [];

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** @param socket of the process that sent it */
  receive(socket: string, state: TraceState): void {
    this.#latest.set(socket, state);
  }

  /** @param reason what it said at its end; undefined when it said nothing */
  ended(socket: string, reason: string | undefined): void {
    this.#ended.set(socket, reason);
  }

  /** @param connections see {@link ViewState} */
  refresh(connections: number | undefined): ViewState {
    const state = mergeStates([...this.#latest.values()]);
    const ended =
      this.#latest.size > 0 && [...this.#latest.keys()].every((socket) => this.#ended.has(socket));
    if (state === undefined) return this.#waiting(connections);
    this.#refreshes = [...this.#refreshes, state.events].slice(-TAIL_REFRESHES - 1);
    const frozen = ended || state.ended || state.window.endTime !== null;
    return {
      subject: this.#subject,
      state: ended ? withoutFinalTotals(state) : state,
      status: this.#status(state, frozen),
      rates: frozen ? ratesOfWindow(state) : this.#rates(state),
      connections: ended ? undefined : connections,
      frozen,
      note: this.#note(),
    };
  }

  #waiting(connections: number | undefined): ViewState {
    const [subject, status, note] = [this.#subject, 'WAITING', this.#note()] as const;
    return { subject, state: undefined, status, rates: undefined, connections, frozen: false, note };
  }

  #status(state: TraceState, frozen: boolean): Status {
    if (frozen) return 'DONE';
    const still = this.#refreshes.length > TAIL_REFRESHES && new Set(this.#refreshes).size === 1;
    if (still) return 'TAIL';
    const queueing = verdictOf(state)?.shares.backpressure ?? 0;
    return queueing >= BACKPRESSURE_SHARE ? 'BACKPRESSURE' : 'LIVE';
  }

  #rates(state: TraceState): Rates | undefined {
    const { startTime } = state.window;
    // A new window begins from nothing: what was before it is no base.
    this.#history = this.#history.filter(({ window }) => window.startTime === startTime);
    if (this.#history.at(-1)?.time !== state.time) this.#history.push(state);
    while ((this.#history[1]?.time ?? state.time) <= state.time - RATE_MS) this.#history.shift();
    return ratesBetween(this.#history[0] as TraceState, state);
  }

  #note(): string {
    const silent = [...this.#ended.values()].filter((reason) => reason === undefined).length;
    if (silent > 0) return 'it ended without a word';
    return [...this.#ended.values()].find((reason) => reason !== TRACE_ENDED) ?? '';
  }
}

/** After the last word of a process, totals that did not come will not come any more. */
function withoutFinalTotals(state: TraceState): TraceState {
  if ('values' in state.totals || state.ended || state.window.endTime !== null) return state;
  return { ...state, totals: { missing: 'the process ended before its window did' } };
}
