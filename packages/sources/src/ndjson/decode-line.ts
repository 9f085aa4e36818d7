import { type BlockKey, EVENT_NAMES, type EventName, type SourceErrorKind } from '@kvscope/core';
import { type JsonObject, type JsonValue, parseExactJson } from '../decode/json/exact-json.js';
import { asObject } from '../decode/json/json-values.js';
import type { DecodeLimits } from '../decode/limits.js';
import { kindOf } from '../decode/undecodable.js';
import { EVENT_FIELDS, type FieldCheck } from './event-fields.js';
import { keyOfLine } from './line-key.js';

/** A checked line: an event of the catalog, complete but for its source. */
export interface EventLine {
  readonly type: EventName;
  /** The event's fields without `source`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the line says about its source. */
  readonly source: JsonValue | undefined;
}

const NAMES: ReadonlySet<string> = new Set(EVENT_NAMES);
/** An integer that `JSON.parse` may round. It may also stand within a string; then the line only takes longer. */
const LONG_INTEGER = /[[,:\s]-?\d{16,}/;
const OPENINGS = ['{', '['] as const;
const SHARD_ORIGINS = ['cache', 'backend', 'shared', 'skipped'] as const;
const MAX_TEXT_CHARACTERS = 1024;

/**
 * Reads one line of NDJSON: strict about the fields that an event has, silent about others, so that a newer producer
 * can be read. Never throws.
 */
export function decodeEventLine(text: string, limits: DecodeLimits): EventLine | SourceErrorKind {
  if (text.length > limits.maxPayloadBytes) return 'oversized';
  const line = parse(text, limits);
  if (typeof line === 'string') return line;
  const type = line.event;
  if (typeof type !== 'string') return 'malformed_event';
  if (!NAMES.has(type)) return 'unknown_event';
  const { required, optional } = EVENT_FIELDS[type as EventName];
  const fields: Record<string, unknown> = {};
  const untimed = take(fields, 'time', line.time, 'time', limits);
  if (untimed !== undefined) return untimed;
  for (const [name, check] of Object.entries<FieldCheck>(required)) {
    const wrong = take(fields, name, line[name], check, limits);
    if (wrong !== undefined) return wrong;
  }
  for (const [name, check] of Object.entries<FieldCheck>(optional)) {
    const value = line[name];
    const wrong = value === undefined ? undefined : take(fields, name, value, check, limits);
    if (wrong !== undefined) return wrong;
  }
  return { type: type as EventName, fields, source: line.source };
}

function parse(text: string, limits: DecodeLimits): JsonObject | SourceErrorKind {
  try {
    const exact = LONG_INTEGER.test(text) || mayNestBelow(text, limits.maxDepth);
    const value = exact ? parseExactJson(text, limits.maxDepth) : (JSON.parse(text) as JsonValue);
    return asObject(value) ?? 'malformed_event';
  } catch (error) {
    return kindOf(error);
  }
}

/** Whether a text has more openings than that; `JSON.parse` knows no limit. */
function mayNestBelow(text: string, maxDepth: number): boolean {
  let openings = 0;
  for (const opening of OPENINGS) {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
      if (++openings > maxDepth) return true;
    }
  }
  return false;
}

function take(
  fields: Record<string, unknown>,
  name: string,
  value: JsonValue | undefined,
  check: FieldCheck,
  limits: DecodeLimits,
): SourceErrorKind | undefined {
  if (check === 'keys') {
    if (!Array.isArray(value)) return 'malformed_event';
    if (value.length > limits.maxHashes) return 'too_many_hashes';
    const keys = readKeys(value);
    fields[name] = keys;
    return keys === undefined ? 'malformed_event' : undefined;
  }
  // No time or count of ours needs 64 bits, but a producer may write one in full.
  fields[name] = check === 'shards' ? readShards(value) : numeric(value);
  return fits(fields[name] as JsonValue | undefined, check) ? undefined : 'malformed_event';
}

function fits(value: JsonValue | undefined, check: FieldCheck): boolean {
  if (typeof check === 'object') return typeof value === 'string' && check.words.includes(value);
  switch (check) {
    case 'time':
      return isTime(value);
    case 'count':
      return isCount(value);
    case 'text':
      return typeof value === 'string' && value.length <= MAX_TEXT_CHARACTERS;
    case 'boolean':
      return typeof value === 'boolean';
    case 'batch':
      return Number.isFinite(value) || (typeof value === 'string' && value.length <= MAX_TEXT_CHARACTERS);
    default:
      return value !== undefined;
  }
}

function readKeys(values: readonly JsonValue[]): BlockKey[] | undefined {
  const keys: BlockKey[] = [];
  for (const value of values) {
    const key = keyOfLine(value);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

function readShards(value: JsonValue | undefined): JsonObject | undefined {
  const shards = asObject(value);
  if (shards === undefined || !SHARD_ORIGINS.every((origin) => isCount(numeric(shards[origin]))))
    return undefined;
  return Object.fromEntries(SHARD_ORIGINS.map((origin) => [origin, Number(shards[origin])]));
}

function numeric(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'bigint' ? Number(value) : value;
}

function isTime(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: JsonValue | undefined): boolean {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
