import type { Bus } from './bus.js';
import { getBus } from './global-bus.js';
import { requireThat } from './validation.js';
import type { Tier } from './vocabulary.js';

export type AttributeValue = string | number | boolean;

/** What a tier holds at the moment of asking. */
export interface TierOccupancy {
  /** The tier; report each at most once. */
  readonly tier: Tier;
  /** Blocks the tier can hold; absent where the producer does not know, as from an engine's event stream. @unit {block} */
  readonly capacity?: number;
  /** Resident blocks that may be evicted now. @unit {block} */
  readonly evictable: number;
  /** Resident blocks that a request or transfer holds. @unit {block} */
  readonly pinned: number;
  /** Resident blocks of which the producer cannot tell. @unit {block} */
  readonly unknown: number;
  /** Size of one block. @unit By */
  readonly blockBytes?: number;
  /** Prompt tokens that one block stands for. @unit {token} */
  readonly blockTokens?: number;
}

/** Transfers under way from one tier to another at the moment of asking. */
export interface ActiveTransfers {
  /** The tier the blocks come from. */
  readonly from: Tier;
  /** The tier the blocks go to. */
  readonly to: Tier;
  /** Transfers between the two that have started and not ended. @unit {transfer} */
  readonly active: number;
}

/** What a source answers when it is asked what it holds. */
export interface Occupancy {
  /** What each tier holds. */
  readonly tiers: readonly TierOccupancy[];
  /** Transfers under way, by pair of tiers. */
  readonly transfers?: readonly ActiveTransfers[];
}

export interface SourceOptions {
  /**
   * At most two attributes that go on every measurement of this source: strings, finite numbers or booleans.
   * Few values, known in advance: never a key, request id, session id, salt or token. Default: none.
   */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Name of the store's backend or connector, such as `posix` or `nixl`. */
  readonly backend?: string;
  /** Whether this source publishes reads (`block.accessed`). Engines' event streams do not. Default: true. */
  readonly accesses?: boolean;
  /** Whether its event times advance with the local clock; false for a replay. Default: true. */
  readonly live?: boolean;
  /** Asked when metrics are collected, never on a hot path. What it throws is counted. */
  readonly occupancy?: () => Occupancy;
}

/** The cache instance that an event speaks of. Made once, passed by reference with each event. */
export interface Source {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly backend?: string;
  readonly accesses: boolean;
  readonly live: boolean;
  readonly occupancy?: () => Occupancy;
  /** The cache is gone: its occupancy is asked no more. Safe to call again. */
  close(): void;
}

/** How many attributes of its own a source may put on each measurement. */
export const MAX_SOURCE_ATTRIBUTES = 2;
const MAX_ATTRIBUTE_LENGTH = 256;

/**
 * Makes the source that a producer passes with each of its events.
 * @throws RangeError when an option is outside its range; the message names it.
 */
export function createSource(options: SourceOptions = {}, bus: Bus = getBus()): Source {
  const attributes = validAttributes(options.attributes ?? {});
  const { backend, occupancy, accesses = true, live = true } = options;
  requireThat(
    backend === undefined || (typeof backend === 'string' && backend !== ''),
    'backend',
    backend,
    'a non-empty string',
  );
  requireThat(
    occupancy === undefined || typeof occupancy === 'function',
    'occupancy',
    occupancy,
    'a function',
  );
  requireThat(typeof accesses === 'boolean', 'accesses', accesses, 'true or false');
  requireThat(typeof live === 'boolean', 'live', live, 'true or false');
  const source: Source = Object.freeze({
    attributes,
    ...(backend !== undefined && { backend }),
    ...(occupancy !== undefined && { occupancy }),
    accesses,
    live,
    close: () => bus.removeSource(source),
  });
  if (occupancy !== undefined) bus.addSource(source);
  return source;
}

function validAttributes(attributes: Readonly<Record<string, AttributeValue>>) {
  const entries = Object.entries(attributes);
  requireThat(
    entries.length <= MAX_SOURCE_ATTRIBUTES,
    'attributes',
    Object.keys(attributes).join(', '),
    `at most ${MAX_SOURCE_ATTRIBUTES} attributes, to keep series few`,
  );
  for (const [name, value] of entries) {
    requireThat(
      name !== '' && name.length <= MAX_ATTRIBUTE_LENGTH,
      'attributes',
      name,
      `names of 1 to ${MAX_ATTRIBUTE_LENGTH} characters`,
    );
    const plain = typeof value === 'boolean' || Number.isFinite(value);
    const text = typeof value === 'string' && value.length <= MAX_ATTRIBUTE_LENGTH;
    requireThat(
      plain || text,
      `attributes['${name}']`,
      value,
      `a string of at most ${MAX_ATTRIBUTE_LENGTH} characters, a finite number or a boolean`,
    );
  }
  return Object.freeze({ ...attributes });
}
