import type { BlockKey } from '@kvscope/core';
import type { JsonValue } from '../decode/json/exact-json.js';

/*
 * Keys on a line:
 *   "15760518052499183552"  1 to 20 digits: a 64-bit integer
 *   "s:42"                  a producer's own string, here "42"
 *   "0x9f..", "a/1"         any other string is itself
 *   42, 0.5                 a number; an integer that a double cannot hold is a 64-bit one
 *   "n:9007199254740992"    a number that would look like such an integer
 */
const INTEGER = /^\d{1,20}$/;
const MARK = 's:';
const NUMBER_MARK = 'n:';
const MAX_KEY_CHARACTERS = 1024;
const LARGEST = 2n ** 64n - 1n;
const LEAST = -(2n ** 63n);

/** The key as it stands on a line. */
export function lineKey(key: BlockKey): number | string {
  if (typeof key === 'number') {
    return Number.isInteger(key) && !Number.isSafeInteger(key) ? `${NUMBER_MARK}${key}` : key;
  }
  if (typeof key === 'bigint') return String(BigInt.asUintN(64, key));
  const ambiguous = INTEGER.test(key) || key.startsWith(MARK) || key.startsWith(NUMBER_MARK);
  return ambiguous ? MARK + key : key;
}

/** The key that stands on a line, undefined when it is none. */
export function keyOfLine(value: JsonValue): BlockKey | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return integerKey(value);
  if (typeof value !== 'string' || value.length > MAX_KEY_CHARACTERS) return undefined;
  if (value.startsWith(MARK)) return value.slice(MARK.length);
  if (value.startsWith(NUMBER_MARK)) return markedNumber(value);
  return INTEGER.test(value) ? integerKey(BigInt(value)) : value;
}

/** The number that {@link lineKey} marked; whatever else begins so is a producer's own string. */
function markedNumber(value: string): number | string {
  const number = Number(value.slice(NUMBER_MARK.length));
  return lineKey(number) === value ? number : value;
}

function integerKey(value: bigint): bigint | undefined {
  return value <= LARGEST && value >= LEAST ? BigInt.asUintN(64, value) : undefined;
}
