import { attribute, defineMetrics } from './declaration.js';

/** What a publisher's stream said, by the word that its format has for it; `other` is what we have no use for. */
export const SOURCE_EVENT_TYPES = [
  'stored',
  'removed',
  'cleared',
  'moved',
  'created',
  'allocated',
  'released',
  'catalog',
  'other',
] as const;
export type SourceEventType = (typeof SOURCE_EVENT_TYPES)[number];

/**
 * Why input was skipped. The first seven stand for a whole message (batch, response or line), the others for one
 * event whose neighbours were taken.
 */
export const SOURCE_ERROR_KINDS = [
  'frames',
  'oversized',
  'truncated',
  'invalid',
  'too_deep',
  'too_many_events',
  'too_many_sources',
  'unknown_event',
  'unknown_medium',
  'malformed_event',
  'too_many_hashes',
] as const;
export type SourceErrorKind = (typeof SOURCE_ERROR_KINDS)[number];

/** Why a block of a publisher is not followed. */
export const UNTRACKED_BLOCK_REASONS = ['limit', 'unknown'] as const;

const eventType = attribute('kv_cache.source.event.type', SOURCE_EVENT_TYPES);
const errorKind = attribute('kv_cache.source.error.kind', SOURCE_ERROR_KINDS);
const untrackedReason = attribute('kv_cache.source.untracked.reason', UNTRACKED_BLOCK_REASONS);

/** How well the streams of other processes arrive. Each series carries its publisher and rank as source attributes. */
export const sourceMetrics = defineMetrics('source', {
  'kv_cache.source.connected': {
    instrument: 'observableUpDownCounter',
    unit: '{connection}',
    description: 'Connections to the publisher that stand: 1 or 0 for a connection of our own.',
    grain: 'collection',
    attributes: [],
  },
  'kv_cache.source.last_sequence': {
    instrument: 'observableGauge',
    unit: '1',
    description: 'Sequence number of the last batch that was applied.',
    grain: 'collection',
    attributes: [],
  },
  'kv_cache.source.lag': {
    instrument: 'observableGauge',
    unit: 's',
    description:
      "Time from the newest batch's own time to its arrival here; below 0 when the publisher's clock is ahead.",
    grain: 'collection',
    attributes: [],
  },
  'kv_cache.source.batches': {
    instrument: 'observableCounter',
    unit: '{batch}',
    description: 'Batches decoded and applied, replayed ones included.',
    grain: 'batch',
    attributes: [],
  },
  'kv_cache.source.events': {
    instrument: 'observableCounter',
    unit: '{event}',
    description: "Events in the applied batches, by the publisher's word for them.",
    grain: 'event of the publisher',
    attributes: [eventType],
  },
  'kv_cache.source.io': {
    instrument: 'observableCounter',
    unit: 'By',
    description: 'Payload bytes received, also of what was then skipped or dropped.',
    grain: 'byte',
    attributes: [],
  },
  'kv_cache.source.errors': {
    instrument: 'observableCounter',
    unit: '{error}',
    description: 'Messages or single events that were skipped because they could not be understood.',
    grain: 'skipped message or event',
    attributes: [errorKind],
  },
  'kv_cache.source.missed': {
    instrument: 'observableCounter',
    unit: '{batch}',
    description: 'Batches that were published, never arrived and could not be replayed.',
    grain: 'batch',
    attributes: [],
  },
  'kv_cache.source.replayed': {
    instrument: 'observableCounter',
    unit: '{batch}',
    description: "Batches that came from the publisher's replay endpoint and were applied.",
    grain: 'batch',
    attributes: [],
  },
  'kv_cache.source.duplicates': {
    instrument: 'observableCounter',
    unit: '{batch}',
    description:
      'Batches dropped because their sequence number was already applied, held or given up as missed.',
    grain: 'batch',
    attributes: [],
  },
  'kv_cache.source.restarts': {
    instrument: 'observableCounter',
    unit: '{restart}',
    description: 'Times the publisher began its sequence anew.',
    grain: 'restart',
    attributes: [],
  },
  'kv_cache.source.reconnects': {
    instrument: 'observableCounter',
    unit: '{connection}',
    description: 'Times a connection to the publisher came back.',
    grain: 'connection',
    attributes: [],
  },
  'kv_cache.source.dropped': {
    instrument: 'observableCounter',
    unit: '{batch}',
    description: 'Batches that arrived and were dropped because the queue to the bus was full.',
    grain: 'batch',
    attributes: [],
  },
  'kv_cache.source.untracked': {
    instrument: 'observableCounter',
    unit: '{block}',
    description:
      'Blocks of the stream that are not followed: stored over the limit, or removed without having been seen stored.',
    grain: 'block',
    attributes: [untrackedReason],
  },
});
