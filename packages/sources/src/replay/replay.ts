import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bus, type Clock, systemClock } from '@kvscope/core';
import { interruptible } from '../interruptible.js';
import type { TraceRequest } from '../request-trace/trace-request.js';
import { Pacing, systemWait, type Wait } from './pacing.js';
import { type TierCapacities, TieredLru } from './tiered-lru.js';

export interface ReplayOptions {
  /**
   * Blocks that each tier holds; at least one tier has some. Or tiers that the caller made: they tell their occupancy
   * until the caller closes them, also after the replay.
   */
  readonly tiers: TierCapacities | TieredLru;
  /** Where the events go, unless the caller made the tiers. Default: the thread's bus. */
  readonly bus?: Bus;
  /**
   * How many times as fast as recorded: a request at trace time t is published when (t - the first's) / speed has
   * passed. 1e-6 to 1e9, or `max`: as fast as possible. Default: `max`.
   */
  readonly speed?: number | 'max';
  /** What paced requests are timed by. Default: the system's clock. */
  readonly clock?: Clock;
  /** How a paced replay waits. Default: a timer. One that a test gives must move the clock. */
  readonly wait?: Wait;
  /** Ends the replay between two requests, without an error. */
  readonly signal?: AbortSignal;
  /** Called after each request's events. A promise that it returns is waited for. */
  readonly onRequest?: (request: TraceRequest) => unknown;
}

export interface ReplayResult {
  /** Requests whose events were published. {request} */
  readonly requests: number;
  /** Whether the signal ended the replay. */
  readonly interrupted: boolean;
}

/** Blocks that are replayed before timers and signals get their turn: about a millisecond. {block} */
const BLOCKS_PER_TURN = 4096;

/**
 * Publishes what inclusive LRU tiers of the given capacities would have done with the requests, in the order of the
 * requests and in their own time: `lookup.finished`, `block.evicted`, `block.accessed`, `block.stored`.
 *
 * What the requests throw, it throws. The requests are closed on every way out.
 * @throws RangeError when an option is outside its range
 */
export async function replay(
  requests: AsyncIterable<TraceRequest> | Iterable<TraceRequest>,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const { tiers, speed = 'max', clock = systemClock, wait = systemWait, signal, onRequest } = options;
  const pacing = speed === 'max' ? undefined : new Pacing(speed, clock, wait);
  const cache = tiers instanceof TieredLru ? tiers : new TieredLru(tiers, options.bus);
  let replayed = 0;
  let blocksInTurn = 0;
  try {
    for await (const request of interruptible(requests, signal)) {
      const { timestamp, hashIds } = request;
      await pacing?.until(timestamp, signal);
      cache.serve(timestamp, hashIds);
      replayed++;
      const waitedFor = onRequest?.(request);
      if (waitedFor instanceof Promise) await waitedFor;
      // Promises alone never leave the current turn, and a signal's handler runs in another one.
      blocksInTurn += hashIds.length + 1;
      if (blocksInTurn >= BLOCKS_PER_TURN) {
        blocksInTurn = 0;
        await nextTurn();
      }
    }
    return { requests: replayed, interrupted: false };
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
    return { requests: replayed, interrupted: true };
  } finally {
    if (cache !== tiers) cache.close();
  }
}
