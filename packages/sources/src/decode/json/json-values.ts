import type { JsonObject, JsonValue } from './exact-json.js';

export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

export function asArray(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** A whole number from 0 up that a double holds exactly. */
export function asCount(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A name of a request or instance that is short enough to be kept. */
export function asName(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_CHARACTERS ? value : undefined;
}

const MAX_NAME_CHARACTERS = 256;
