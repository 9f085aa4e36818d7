import type { TraceRequest } from './trace-request.js';

/** Ids that one line may have: far above any prompt, and an end to what one line can cost. */
export const MAX_HASH_IDS = 1_000_000;

const WHOLE = `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
const SHOWN_CHARACTERS = 40;

/**
 * The request that a line of JSON describes, or the reason why it describes none. Fields of other names are
 * ignored.
 */
export function parseRequest(text: string, line: number): TraceRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return printable(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `the line is ${show(value)}; expected a JSON object`;
  }
  const { timestamp, input_length, output_length, hash_ids } = value as Readonly<Record<string, unknown>>;
  if (!isTime(timestamp)) return wrong('timestamp', timestamp, 'a finite number of ms, 0 or more');
  if (!isWhole(input_length)) return wrong('input_length', input_length, WHOLE);
  if (!isWhole(output_length)) return wrong('output_length', output_length, WHOLE);
  if (!Array.isArray(hash_ids)) return wrong('hash_ids', hash_ids, 'an array');
  if (hash_ids.length > MAX_HASH_IDS) {
    return `hash_ids has ${hash_ids.length} entries; expected at most ${MAX_HASH_IDS}`;
  }
  for (let i = 0; i < hash_ids.length; i++) {
    if (!isWhole(hash_ids[i])) return wrong(`hash_ids[${i}]`, hash_ids[i], WHOLE);
  }
  return { timestamp, inputLength: input_length, outputLength: output_length, hashIds: hash_ids, line };
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** JSON can say -0, which is the same id as 0 to a Map but not to a hash of its bits. */
function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

function wrong(field: string, value: unknown, expected: string): string {
  return value === undefined
    ? `${field} is missing; expected ${expected}`
    : `${field} is ${show(value)}; expected ${expected}`;
}

/** Never walks into the value: it may be nested as deep as the line is long. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'string') return String(value);
  const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return printable(JSON.stringify(shown));
}

/** A reason ends on somebody's terminal, and the text in it is the file's. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}');
}
