import { type BlockKey, requireThat } from '@kvscope/core';

/** File systems allow 255 bytes; the rest is for the suffix. */
const MAX_NAME_LENGTH = 240;
const UNSAFE = /[^a-z0-9_-]/g;
const ESCAPE = /%([0-9a-f]{4})/g;
const NAME = /^[nbs](?:[a-z0-9_-]|%[0-9a-f]{4})*$/;

/**
 * The name of a key's file, without suffix: its type (`n`umber, `b`igint, `s`tring), then its text with every other
 * character than a-z, 0-9, _ and - as `%` and four hex digits. Upper case is escaped too, since some file systems
 * do not tell it from lower case.
 * @throws RangeError for a key whose name would be too long, or that is no number, bigint or string
 */
export function blockName(key: BlockKey): string {
  const type = typeof key;
  requireThat(
    type === 'number' || type === 'bigint' || type === 'string',
    'key',
    key,
    'a number, a bigint or a string',
  );
  const text = Object.is(key, -0) ? '0' : String(key);
  const name = type.charAt(0) + text.replace(UNSAFE, escapeUnit);
  requireThat(
    name.length <= MAX_NAME_LENGTH,
    'key',
    key,
    `keys whose file name has at most ${MAX_NAME_LENGTH} characters (a-z, 0-9, _ and - count 1, others 5)`,
  );
  return name;
}

/** The key of a file name without suffix; undefined when no key is written so. */
export function keyOfName(name: string): BlockKey | undefined {
  if (!NAME.test(name)) return undefined;
  const text = name
    .slice(1)
    .replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const key = parseKey(name.charAt(0), text);
  return key !== undefined && blockName(key) === name ? key : undefined;
}

function parseKey(type: string, text: string): BlockKey | undefined {
  if (type === 's') return text;
  if (type === 'n') return Number(text);
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function escapeUnit(unit: string): string {
  return `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
