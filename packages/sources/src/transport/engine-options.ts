import {
  type Bus,
  type Clock,
  getBus,
  integerOption,
  numberOption,
  requireThat,
  systemClock,
} from '@kvscope/core';
import { DIALECT_NAMES, DIALECTS, type DialectName } from '../decode/engine/dialect.js';
import { type DecodeLimits, decodeLimits } from '../decode/limits.js';
import type { BlockBudget } from '../ingest/block-budget.js';
import { createBlockBudget, type IngestOptions } from '../ingest/ingest-options.js';
import { SourceMonitor } from '../monitor/source-monitor.js';
import type { SequenceOptions } from '../sequence/sequence-tracker.js';
import type { QueueLimits } from './batch-queue.js';
import { rankEndpoint } from './endpoint.js';

/** What an operator says about an engine to listen to. */
export interface EngineOptions {
  readonly engine: DialectName;
  /** What metrics and status call it. Default: the engine's kind. */
  readonly name?: string;
  /** Addresses such as `tcp://127.0.0.1:5557`, at least one. */
  readonly endpoints: readonly string[];
  /**
   * Listen at the endpoints and let engines connect, each told apart by its topic, instead of connecting to them.
   * Default: false.
   */
  readonly bind?: boolean;
  /** Data-parallel ranks behind each endpoint: rank r is at `port + r`. Default: 1. */
  readonly ranks?: number;
  /** Take only topics that begin so. Default: all. */
  readonly topic?: string;
  /** Replay endpoints, one for each endpoint in order; with `bind` there are none. Default: none. */
  readonly replayEndpoints?: readonly string[];
  /** Attributes on what its events are measured as, at most two. Default: publisher and rank. */
  readonly attributes?: IngestOptions['attributes'];
  readonly capacities?: IngestOptions['capacities'];
  readonly limits?: Partial<DecodeLimits>;
  readonly sequence?: Omit<SequenceOptions, 'replay' | 'firstSequence'>;
  readonly queue?: QueueLimits;
  /** Wait before the first attempt to connect again, doubled up to the longest. ms. Default: 100. */
  readonly reconnectMs?: number;
  /** ms. Default: 10,000. */
  readonly maxReconnectMs?: number;
}

/** What the sources of a process share. */
export interface SourceEnvironment {
  readonly bus?: Bus;
  readonly clock?: Clock;
  readonly monitor?: SourceMonitor;
  readonly budget?: BlockBudget;
}

export interface SourceSettings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly monitor: SourceMonitor;
  readonly budget: BlockBudget;
}

export function sourceSettings(environment: SourceEnvironment): SourceSettings {
  return {
    bus: environment.bus ?? getBus(),
    clock: environment.clock ?? systemClock,
    monitor: environment.monitor ?? new SourceMonitor(),
    budget: environment.budget ?? createBlockBudget(),
  };
}

/** One socket to open. */
export interface EngineSocket {
  readonly endpoint: string;
  readonly replayEndpoint: string | undefined;
  /** What its publisher is called when it is the only one there. */
  readonly name: string;
  readonly rank: number;
}

const HOUR_MS = 3_600_000;
/** With a number behind it, it still fits an attribute. */
const MAX_NAME_CHARACTERS = 128;

/** The sockets that the options ask for, one for each endpoint and rank. @throws RangeError for options that cannot be */
export function engineSockets(options: EngineOptions): readonly EngineSocket[] {
  const { engine, endpoints, replayEndpoints = [], bind = false } = options;
  requireThat(DIALECT_NAMES.includes(engine), 'engine', engine, DIALECT_NAMES.join(', '));
  requireThat(endpoints.length > 0, 'endpoints', endpoints.length, 'at least one');
  requireThat(
    replayEndpoints.length === 0 || (!bind && replayEndpoints.length === endpoints.length),
    'replayEndpoints',
    replayEndpoints.length,
    bind
      ? 'none with bind: which publisher would they be of?'
      : `none, or one for each of ${endpoints.length}`,
  );
  requireThat(
    replayEndpoints.length === 0 || !DIALECTS[engine].objects,
    'replayEndpoints',
    replayEndpoints.length,
    'none: a Mooncake master has no replay',
  );
  const ranks = integerOption('ranks', options.ranks, 1, 1, 1024);
  const name = options.name ?? engine;
  requireThat(
    name !== '' && name.length <= MAX_NAME_CHARACTERS,
    'name',
    name,
    `1 to ${MAX_NAME_CHARACTERS} characters`,
  );
  return endpoints.flatMap((endpoint, i) =>
    Array.from({ length: ranks }, (_, rank) => {
      const replay = replayEndpoints[i];
      // Without ranks the endpoint is as it was given: only ranks have derived ones.
      const derive = (address: string) =>
        options.ranks === undefined ? address : rankEndpoint(address, rank);
      return {
        endpoint: derive(endpoint),
        replayEndpoint: replay === undefined ? undefined : derive(replay),
        name: endpoints.length === 1 ? name : `${name}-${i}`,
        rank,
      };
    }),
  );
}

/** Socket options of ZeroMQ. A message that is far too large ends its connection instead of filling the memory. */
export function socketOptions(options: EngineOptions) {
  const reconnectInterval = numberOption('reconnectMs', options.reconnectMs, 100, 1, HOUR_MS);
  const longest = numberOption('maxReconnectMs', options.maxReconnectMs, 10_000, 1, HOUR_MS);
  return {
    linger: 0,
    reconnectInterval,
    reconnectMaxInterval: Math.max(reconnectInterval, longest),
    maxMessageSize: 4 * decodeLimits(options.limits).maxPayloadBytes,
    // A host that vanished sends no word of it: without this the connection would stand, and nothing come, for ever.
    tcpKeepalive: 1,
    tcpKeepaliveIdle: 30,
    tcpKeepaliveInterval: 10,
    tcpKeepaliveCount: 3,
  };
}
