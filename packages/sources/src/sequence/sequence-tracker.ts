import { integerOption, numberOption } from '@kvscope/core';
import { HeldBatches } from './held-batches.js';
import { MissedRanges } from './missed-ranges.js';
import { RecentBatches } from './recent-batches.js';

/** What a tracker makes happen. */
export interface SequenceActions {
  /** A batch's turn has come. */
  apply(payload: Uint8Array, sequence: number, replayed: boolean): void;
  /** What the publisher holds is no longer known. */
  reset(): void;
  /** Ask the replay endpoint for all from `from` on, in place of what was asked before; replies come back with `request`. */
  requestReplay(from: number, request: number): void;
  /** The request is not waited for any more. */
  abandonReplay(request: number): void;
  /** The time of a payload's batch in epoch ms, NaN where there is none. */
  timeOf(payload: Uint8Array): number;
}

/** What a tracker counts, each in batches but for the last. */
export interface SequenceCounts {
  lastSequence: number | undefined;
  missed: number;
  replayed: number;
  duplicates: number;
  restarts: number;
}

export interface SequenceOptions {
  /** Number of a publisher's first batch: 0, of a Mooncake master 1. */
  readonly firstSequence: number;
  /** Whether there is a replay endpoint. */
  readonly replay: boolean;
  /** Milliseconds without a reply after which a replay is given up. Default: 5,000. */
  readonly replayTimeoutMs?: number;
  /** Live batches held during a replay at most; one more gives the replay up. Default: 10,000. */
  readonly maxHeldBatches?: number;
  /** Their bytes at most. Default: 64 MiB. */
  readonly maxHeldBytes?: number;
}

interface Replay {
  readonly request: number;
  /** The highest number known when it was asked for: what is missing up to there and does not come, never will. */
  readonly covers: number;
  /** When nothing more is waited for, unless a reply comes before. Epoch ms */
  deadline: number;
  /** Whether it brought anything. */
  answered: boolean;
}

/**
 * How often a replay that broke off is asked for again, from where it broke off: a publisher's ROUTER drops replies that
 * its queue (of 1,000 by default) has no room for, and goes on behind them.
 */
const MAX_CONTINUATIONS = 16;

/** Old numbers in a row after which the publisher is taken to have started again, whatever its clock says. */
const STALE_RUN = 16;

/**
 * Follows the numbers of one publisher's batches: applies them in order and once, has gaps replayed, and says what
 * was lost. Pure: it knows no socket and no clock, and is told the time.
 *
 * A number that goes back is a duplicate when its payload is the one applied under it, or when it belongs to a gap
 * that was given up, or its batch is older than the newest seen; otherwise the publisher started again.
 */
export class SequenceTracker {
  readonly #actions: SequenceActions;
  readonly #counts: SequenceCounts;
  readonly #first: number;
  readonly #hasReplay: boolean;
  readonly #timeoutMs: number;
  readonly #held: HeldBatches;
  readonly #recent = new RecentBatches();
  readonly #lost = new MissedRanges();
  /** Number of the batch whose turn is next. */
  #expected: number;
  #newestTime = Number.NEGATIVE_INFINITY;
  #replay: Replay | undefined;
  #requests = 0;
  #continuations = 0;
  #stale = 0;

  /** @throws RangeError when an option is outside its range */
  constructor(options: SequenceOptions, actions: SequenceActions, counts: SequenceCounts) {
    this.#actions = actions;
    this.#counts = counts;
    this.#first = options.firstSequence;
    this.#expected = options.firstSequence;
    this.#hasReplay = options.replay;
    this.#timeoutMs = numberOption('replayTimeoutMs', options.replayTimeoutMs, 5000, 1, 3_600_000);
    this.#held = new HeldBatches(
      integerOption('maxHeldBatches', options.maxHeldBatches, 10_000, 0, 10_000_000),
      integerOption('maxHeldBytes', options.maxHeldBytes, 64 * 1024 * 1024, 0, 2 ** 31),
    );
  }

  /** Whether batches wait for a replay. */
  get replaying(): boolean {
    return this.#replay !== undefined;
  }

  /** Live batches that wait. {batch} */
  get held(): number {
    return this.#held.size;
  }

  /** A batch came from the publisher's stream. @param now epoch ms */
  live(sequence: number, payload: Uint8Array, now: number): void {
    this.tick(now);
    if (sequence < this.#expected && !this.#restarted(sequence, payload)) {
      this.#counts.duplicates++;
      return;
    }
    this.#stale = 0;
    this.#see(payload);
    if (sequence === this.#expected) {
      this.#apply(sequence, payload, false);
      this.#drain();
    } else if (!this.#held.add(sequence, payload)) this.#counts.duplicates++;
    else if (!this.#hasReplay || this.#held.full) this.#giveUp();
    else if (this.#replay === undefined) this.#requestFirst(now);
  }

  /** A batch came from the replay endpoint; one of a request that is not waited for any more is nobody's. */
  replayed(request: number, sequence: number, payload: Uint8Array, now: number): void {
    const replay = this.#replay;
    if (replay?.request !== request) return;
    if (sequence < this.#expected) {
      this.#counts.duplicates++;
      return;
    }
    if (this.#held.countBelow(sequence) < sequence - this.#expected && this.#continued(now)) return;
    replay.deadline = now + this.#timeoutMs;
    replay.answered = true;
    this.#see(payload);
    // Replays come in order: what is neither here nor held when one begins behind it is in nobody's buffer any more.
    for (const held of this.#held.takeBelow(sequence))
      this.#applyAfterGap(held.sequence, held.payload, false);
    this.#applyAfterGap(sequence, payload, true);
    if (this.#held.takeBelow(sequence + 1).length > 0) this.#counts.duplicates++;
    this.#drain();
  }

  /** The replay endpoint has sent all it has. */
  replayEnded(request: number, now: number): void {
    const replay = this.#replay;
    if (replay?.request !== request || this.#continued(now)) return;
    this.#replay = undefined;
    this.#fillFrom(replay.covers);
    this.#drain();
    if (this.#held.size > 0) this.#requestFirst(now);
  }

  /** The replay endpoint cannot be asked, or answered nonsense. */
  replayFailed(request: number): void {
    if (this.#replay?.request === request) this.#giveUp();
  }

  /** Lets time pass: a replay whose endpoint fell silent is continued, and then given up. */
  tick(now: number): void {
    if (this.#replay === undefined || now < this.#replay.deadline) return;
    if (!this.#continued(now)) this.#giveUp();
  }

  /** Nothing more comes: applies what waits. */
  end(): void {
    this.#giveUp();
  }

  #restarted(sequence: number, payload: Uint8Array): boolean {
    const same = this.#recent.same(sequence, payload);
    if (same === true) return false;
    if (same === undefined && this.#isLate(sequence, payload) && ++this.#stale < STALE_RUN) return false;
    this.#restart();
    return true;
  }

  /** Whether a number that nobody remembers is an old batch's, not a new publisher's. */
  #isLate(sequence: number, payload: Uint8Array): boolean {
    const time = this.#actions.timeOf(payload);
    if (this.#lost.has(sequence)) return !(time > this.#newestTime);
    // The very first number is a restart even when the publisher's clock went back with it.
    return sequence !== this.#first && !(time >= this.#newestTime);
  }

  #restart(): void {
    if (this.#held.size > 0) this.#giveUp();
    this.#abandon();
    this.#counts.restarts++;
    this.#expected = this.#first;
    this.#newestTime = Number.NEGATIVE_INFINITY;
    this.#recent.clear();
    this.#lost.clear();
    this.#actions.reset();
  }

  #see(payload: Uint8Array): void {
    const time = this.#actions.timeOf(payload);
    if (time > this.#newestTime) this.#newestTime = time;
  }

  #requestFirst(now: number): void {
    this.#continuations = 0;
    this.#request(now);
  }

  /** Asks for the rest of a replay that brought something and broke off; false when that would bring nothing more. */
  #continued(now: number): boolean {
    if (this.#replay?.answered !== true || this.#continuations >= MAX_CONTINUATIONS) return false;
    this.#continuations++;
    this.#request(now);
    return true;
  }

  #request(now: number): void {
    const request = ++this.#requests;
    const covers = this.#held.last as number;
    this.#replay = { request, covers, deadline: now + this.#timeoutMs, answered: false };
    this.#actions.requestReplay(this.#expected, request);
  }

  #apply(sequence: number, payload: Uint8Array, replayed: boolean): void {
    this.#expected = sequence + 1;
    this.#counts.lastSequence = sequence;
    if (replayed) this.#counts.replayed++;
    this.#recent.add(sequence, payload);
    this.#actions.apply(payload, sequence, replayed);
  }

  /** Applies a batch whose predecessors, where they are missing, never come. */
  #applyAfterGap(sequence: number, payload: Uint8Array, replayed: boolean): void {
    if (sequence > this.#expected) {
      this.#counts.missed += sequence - this.#expected;
      this.#lost.add(this.#expected, sequence);
      this.#actions.reset();
    }
    this.#apply(sequence, payload, replayed);
  }

  /** Applies what is held up to and with a number, across its gaps. */
  #fillFrom(covered: number): void {
    for (const { sequence, payload } of this.#held.takeBelow(covered + 1)) {
      this.#applyAfterGap(sequence, payload, false);
    }
  }

  /** Applies held batches whose turn it is; with none left there is nothing to wait for. */
  #drain(): void {
    while (this.#held.first === this.#expected) {
      const [next] = this.#held.takeBelow(this.#expected + 1);
      if (next !== undefined) this.#apply(next.sequence, next.payload, false);
    }
    if (this.#held.size === 0 && this.#replay !== undefined && this.#expected > this.#replay.covers) {
      this.#abandon();
    }
  }

  #giveUp(): void {
    this.#abandon();
    this.#fillFrom(Number.MAX_SAFE_INTEGER - 1);
  }

  #abandon(): void {
    if (this.#replay === undefined) return;
    const { request } = this.#replay;
    this.#replay = undefined;
    this.#actions.abandonReplay(request);
  }
}
