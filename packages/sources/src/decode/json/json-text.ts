import { isUtf8 } from 'node:buffer';
import type { SourceErrorKind } from '@kvscope/core';
import type { DecodeLimits } from '../limits.js';
import { kindOf } from '../undecodable.js';
import { type JsonValue, parseExactJson } from './exact-json.js';

const NEWLINE = 0x0a;

/** The value that bytes of JSON hold, or why there is none. Never throws. */
export function parseJsonBytes(
  bytes: Uint8Array,
  limits: DecodeLimits,
  skipped?: ReadonlySet<string>,
): { readonly value: JsonValue } | SourceErrorKind {
  if (bytes.length > limits.maxPayloadBytes) return 'oversized';
  if (!isUtf8(bytes)) return 'invalid';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  try {
    return { value: parseExactJson(text, limits.maxDepth, skipped) };
  } catch (error) {
    return kindOf(error);
  }
}

/** The lines of a capture that are not blank. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(start, end);
    if (line.some((byte) => byte > 0x20)) yield line;
    start = end + 1;
  }
}
