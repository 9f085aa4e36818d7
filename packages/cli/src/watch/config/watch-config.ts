import { RESIDENCY } from '@kvscope/core';
import { SUBSCRIBER_NAMES } from '@kvscope/instrumentation';
import { z } from 'zod';
import { fields, matching, oneOf, positive, text, whole } from './fields.js';
import { sourceConfig } from './source-config.js';

const ADDRESS_ERROR = 'PORT or "HOST:PORT", with a port from 0 (any free one) to 65535';
const address = z.union([whole(0, 65_535), matching(/^(.+:)?\d{1,5}$/, ADDRESS_ERROR)], {
  error: ADDRESS_ERROR,
});
export const MAX_MAX_BLOCKS = 2 ** 27;
const windowError = RESIDENCY.join(', ');

/** What a configuration file of `kvscope watch` may say. */
export const watchConfig = fields('an object', {
  sources: z
    .array(sourceConfig, { error: 'a list of at least one source' })
    .min(1, { error: 'a list of at least one source' })
    .superRefine((sources, context) => {
      const names = new Set<string>();
      sources.forEach(({ name, kind }, i) => {
        const called = name ?? kind;
        if (names.has(called)) {
          context.addIssue({
            code: 'custom',
            path: [i, 'name'],
            input: called,
            message: `a name that no other source has, and '${called}' is taken`,
          });
        }
        names.add(called);
      });
    })
    .describe('What to listen to.'),
  prometheus: address.optional().describe('Serve /metrics, /healthz and /readyz there.'),
  otlp: matching(/^https?:\/\/.+/, 'an http or https URL, such as http://127.0.0.1:4318')
    .optional()
    .describe('Send metrics over OTLP.'),
  subscribers: z
    .array(oneOf(SUBSCRIBER_NAMES as unknown as [string, ...string[]]), {
      error: `a list of ${SUBSCRIBER_NAMES.join(', ')}`,
    })
    .optional()
    .describe('What to measure.'),
  sampleRate: positive(1).optional().describe('Share of blocks whose lifecycle is followed. Default: 0.01.'),
  seed: whole(0, 2 ** 32 - 1)
    .optional()
    .describe('Which blocks are sampled. Default: 0.'),
  window: z
    .number({ error: windowError })
    .refine((value) => RESIDENCY.includes(value), { error: windowError })
    .optional()
    .describe('Seconds after its eviction for which a block counts as wanted again. Default: 300.'),
  interval: positive(86_400).optional().describe('Seconds from one status to the next. Default: 5.'),
  maxBlocks: whole(1, MAX_MAX_BLOCKS)
    .optional()
    .describe('Blocks that are followed at most, over all sources; 64 bytes each. Default: 1000000.'),
  record: text(4096).optional().describe('Write what arrives to this file as NDJSON.'),
  report: text(4096)
    .optional()
    .describe('Write what the metrics say to this file as one HTML page, at the end.'),
  ui: address.optional().describe('Serve that page there, live.'),
});

export type WatchConfig = z.infer<typeof watchConfig>;

/** The JSON Schema of {@link watchConfig}, as committed. */
export function watchConfigSchemaText(): string {
  const schema = z.toJSONSchema(watchConfig, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'Configuration file of kvscope watch' }, undefined, 2)}\n`;
}
