import { z } from 'zod';
import { fields, flag, matching, positive, text, whole } from './fields.js';

const MAX_ATTRIBUTES = 2;
const ATTRIBUTES_ERROR =
  'at most 2 attributes, each a text of at most 256 characters, a number or true/false';

const attributeValue = z.union([z.string().max(256), z.number(), z.boolean()], { error: ATTRIBUTES_ERROR });
const MIB = 1024 * 1024;
const limits = fields('an object', {
  maxPayloadBytes: whole(1, 512 * MIB)
    .optional()
    .describe('Bytes of one payload or line. Default: 16777216.'),
  maxDepth: whole(1, 1024)
    .optional()
    .describe('How deep arrays, maps and objects may stand in one another. Default: 16.'),
  maxEvents: whole(1, 2 ** 24)
    .optional()
    .describe('Events of one batch. Default: 65536.'),
  maxHashes: whole(1, 2 ** 24)
    .optional()
    .describe('Block hashes, or keys, of one event. Default: 65536.'),
});
const common = {
  name: text(128).optional().describe('What metrics and status call it; the kind when left out.'),
  attributes: z
    .record(text(256), attributeValue, { error: ATTRIBUTES_ERROR })
    .refine((given) => Object.keys(given).length <= MAX_ATTRIBUTES, { error: ATTRIBUTES_ERROR })
    .optional()
    .describe(
      "Attributes on what its events are measured as. One stands beside the publisher's name; two replace it.",
    ),
  limits: limits.optional().describe('What a message may cost; what is beyond is skipped and counted.'),
};

const MAX_PORT = 65_535;
const endpoint = matching(
  /^(tcp:\/\/.+:(\d+|\*)|ipc:\/\/.+)$/,
  'tcp://HOST:PORT or ipc://PATH, such as tcp://127.0.0.1:5557',
).refine((address) => !(portOf(address) > MAX_PORT), { error: `a port of at most ${MAX_PORT}` });
const endpoints = z
  .array(endpoint, { error: 'a list of at least one tcp://HOST:PORT' })
  .min(1, { error: 'a list of at least one tcp://HOST:PORT' });
const blocks = whole(0, 2 ** 40);
const zeromq = {
  ...common,
  endpoints: endpoints.describe('Where the engine publishes; with bind, where it connects to.'),
  bind: flag.optional().describe('Listen at the endpoints instead of connecting to them.'),
  ranks: whole(1, 1024).optional().describe('Data-parallel ranks: rank r is at port + r.'),
  topic: z
    .string({ error: 'text; empty for all topics' })
    .optional()
    .describe('Take only topics that begin so.'),
  queue: fields('an object', {
    maxBatches: whole(1, 10_000_000).optional().describe('Batches that wait at most. Default: 10000.'),
    maxBytes: whole(1, 4096 * MIB)
      .optional()
      .describe('Their bytes at most. Default: 67108864.'),
  })
    .optional()
    .describe('Between socket and bus; a batch that finds no room is dropped and counted.'),
  capacities: fields('an object', { l0: blocks.optional(), l1: blocks.optional(), l2: blocks.optional() })
    .optional()
    .describe('Blocks that each tier can hold, which the engine does not tell.'),
};
const replay = z
  .array(endpoint, { error: 'a list of tcp://HOST:PORT, one for each endpoint' })
  .optional()
  .describe('Replay endpoints, one for each endpoint in order.');

/** NaN without one. */
function portOf(address: string): number {
  return Number(/^tcp:.*:(\d+)$/.exec(address)?.[1] ?? Number.NaN);
}

/** What an engine binds names no host that could be connected to. */
const isWildcard = (address: string): boolean => /^tcp:\/\/\*:|^tcp:.*:(\*|0)$/.test(address);
const HOST_NEEDED = 'addresses with the HOST and PORT of the engine, since * names none';

interface Places {
  readonly endpoints: readonly string[];
  readonly bind?: boolean | undefined;
  readonly ranks?: number | undefined;
  readonly replay?: readonly string[] | undefined;
}

const reachable = ({ endpoints: all, bind }: Places): boolean => bind === true || !all.some(isWildcard);
const reachableError = { path: ['endpoints'], error: `${HOST_NEEDED}; or bind, for engines that connect` };
const ranked = ({ endpoints: all, ranks = 1, replay: given = [] }: Places): boolean =>
  ranks === 1 || ![...all, ...given].some((address) => portOf(address) + ranks - 1 > MAX_PORT);
const rankedError = { path: ['ranks'], error: `fewer, since rank r is at port + r, of at most ${MAX_PORT}` };

const replayTimeout = positive(3600)
  .optional()
  .describe('Seconds without a reply after which a replay is given up. Default: 5.');

function withReplay<K extends 'vllm' | 'sglang'>(kind: K) {
  return fields(`a source of kind ${kind}`, { kind: z.literal(kind), ...zeromq, replay, replayTimeout })
    .refine(reachable, reachableError)
    .refine(ranked, rankedError)
    .refine(({ replay: given = [] }) => !given.some(isWildcard), { path: ['replay'], error: HOST_NEEDED })
    .refine(({ bind, replay: given = [] }) => bind !== true || given.length === 0, {
      path: ['replay'],
      error: 'none with bind: nobody knows which publisher it would be of',
    })
    .refine(({ endpoints: all, replay: given = [] }) => given.length === 0 || given.length === all.length, {
      path: ['replay'],
      error: 'one replay endpoint for each of the endpoints, or none',
    });
}

const lines = {
  ...common,
  from: text(4096).describe(
    'Where lines come from: - (standard input), a file, unix:PATH, or tcp:[HOST:]PORT to listen at.',
  ),
  follow: flag.optional().describe('Go on reading a file as it grows, through rotations.'),
  allowRemote: flag.optional().describe('Let tcp listen where other machines can reach it.'),
};

/** A kind of source and what can be said about it. `kind` tells them apart. */
export const sourceConfig = z.discriminatedUnion(
  'kind',
  [
    withReplay('vllm'),
    withReplay('sglang'),
    fields('a source of kind mooncake', { kind: z.literal('mooncake'), ...zeromq })
      .refine(reachable, reachableError)
      .refine(ranked, rankedError),
    fields('a source of kind trtllm', {
      kind: z.literal('trtllm'),
      ...common,
      url: matching(/^https?:\/\/.+/, 'an http or https address, such as http://127.0.0.1:8000').describe(
        'Address of the server; without a path, /kv_cache_events is asked.',
      ),
      pollInterval: positive(3600).optional().describe('Seconds between two questions. Default: 1.'),
    }),
    fields('a source of kind ndjson', { kind: z.literal('ndjson'), ...lines }),
    fields('a source of kind allocations', {
      kind: z.literal('allocations'),
      ...lines,
      blockTokens: whole(1, 1_048_576)
        .optional()
        .describe('Tokens of a block where a report does not tell. Default: 16.'),
    }),
  ],
  { error: 'vllm, sglang, mooncake, trtllm, ndjson, allocations' },
);

export type SourceConfig = z.infer<typeof sourceConfig>;
export type SourceKind = SourceConfig['kind'];
export type ZeromqConfig = Extract<SourceConfig, { endpoints: unknown }>;
export type LinesConfig = Extract<SourceConfig, { from: unknown }>;

/** The fields of each kind, in their order. */
export const SOURCE_FIELDS = Object.fromEntries(
  sourceConfig.options.map(({ shape }) => [shape.kind.value, Object.keys(shape)]),
) as unknown as Readonly<Record<SourceKind, readonly string[]>>;
export const SOURCE_KINDS = Object.keys(SOURCE_FIELDS) as SourceKind[];
