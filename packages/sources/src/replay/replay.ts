import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bus, type Clock, systemClock } from '@kvscope/core';
import { interruptible } from '../interruptible.js';
import type { TraceRequest } from '../request-trace/trace-request.js';
import { Pacing, systemWait, type Wait } from './pacing.js';
import { type TierCapacities, TieredLru } from './tiered-lru.js';

export interface ReplayOptions {
  /** Blocks that each tier holds; at least one tier has some. */
  readonly tiers: TierCapacities;
  /** Where the events go. Default: the thread's bus. */
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
  /** Awaited before the first request's events, when the tiers answer occupancy: a collection then knows them. */
  readonly onBegin?: () => Promise<void>;
  /** Called after each request's events. */
  readonly onRequest?: (request: TraceRequest) => void;
  /** Awaited after the last request, or where the signal ended the replay: the tiers still answer occupancy. */
  readonly onEnd?: () => Promise<void>;
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
  const cache = new TieredLru(options.tiers, options.bus);
  try {
    const result = await serveAll(cache, requests, options);
    await options.onEnd?.();
    return result;
  } finally {
    cache.close();
  }
}

async function serveAll(
  cache: TieredLru,
  requests: AsyncIterable<TraceRequest> | Iterable<TraceRequest>,
  { speed = 'max', clock = systemClock, wait = systemWait, signal, onBegin, onRequest }: ReplayOptions,
): Promise<ReplayResult> {
  const pacing = speed === 'max' ? undefined : new Pacing(speed, clock, wait);
  let replayed = 0;
  let blocksInTurn = 0;
  try {
    for await (const request of interruptible(requests, signal)) {
      const { timestamp, hashIds } = request;
      if (replayed === 0) await onBegin?.();
      await pacing?.until(timestamp, signal);
      cache.serve(timestamp, hashIds);
      replayed++;
      onRequest?.(request);
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
  }
}
