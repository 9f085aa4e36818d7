import type { SourceErrorKind } from '@kvscope/core';
import type { JsonValue } from '../json/exact-json.js';
import { asArray, asCount, asName, asObject } from '../json/json-values.js';
import type { DecodeLimits } from '../limits.js';

/** Physical blocks that a request was given, and the tokens that came to it. */
export interface AllocationRecord {
  readonly requestId: string;
  readonly blocks: readonly number[];
  readonly tokens: readonly number[];
}

export type AllocationReport =
  | {
      readonly type: 'allocated';
      readonly instance: string;
      /** Tokens of a block, where the engine tells. {token} */
      readonly blockTokens: number | undefined;
      readonly records: readonly AllocationRecord[];
      /** Records that could not be used. */
      readonly malformed: number;
    }
  /** A request's session ended; without an instance, wherever it is. */
  | { readonly type: 'released'; readonly instance: string | undefined; readonly requestId: string };

/** Reads one report, or tells what is wrong with it. */
export function readAllocationReport(
  value: JsonValue,
  limits: DecodeLimits,
): AllocationReport | SourceErrorKind {
  const report = asObject(value);
  if (report === undefined) return 'malformed_event';
  const instance = asName(report.instance_id);
  const requestId = asName(report.request_id);
  if (requestId !== undefined && report.records === undefined) {
    return { type: 'released', instance, requestId };
  }
  const listed = asArray(report.records);
  if (listed === undefined || instance === undefined) return 'malformed_event';
  if (listed.length > limits.maxEvents) return 'too_many_events';
  const blockTokens = asCount(report.block_size ?? undefined);
  if (blockTokens === 0) return 'malformed_event';
  const records = listed.flatMap((item) => readRecord(item, limits) ?? []);
  return { type: 'allocated', instance, blockTokens, records, malformed: listed.length - records.length };
}

function readRecord(value: JsonValue, limits: DecodeLimits): AllocationRecord | undefined {
  const record = asObject(value);
  const requestId = asName(record?.req_id);
  const blocks = counts(record?.new_block_ids, limits.maxHashes);
  const tokens = counts(record?.new_token_ids, limits.maxPayloadBytes);
  if (requestId === undefined || blocks === undefined || tokens === undefined) return undefined;
  return { requestId, blocks, tokens };
}

function counts(value: JsonValue | undefined, most: number): readonly number[] | undefined {
  const items = asArray(value);
  if (items === undefined || items.length > most) return undefined;
  return items.every((item) => asCount(item) !== undefined) ? (items as readonly number[]) : undefined;
}
