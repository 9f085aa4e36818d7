import { expect, expectTypeOf, test } from 'vitest';
import {
  type BlockEvicted,
  EVENT_NAMES,
  type EventMap,
  type EventName,
  type KvCacheEvent,
} from '../src/events.ts';
import type { EvictionReason } from '../src/vocabulary.ts';

test('every event has a name, once, dotted and in lower case', () => {
  expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length);
  expect(EVENT_NAMES).toHaveLength(20);
  for (const name of EVENT_NAMES) expect(name).toMatch(/^[a-z]+(\.[a-z]+)+$/);
  expect(Object.isFrozen(EVENT_NAMES)).toBe(true);
});

test('every event has a time and a source', () => {
  expectTypeOf<EventMap[EventName]>().toExtend<KvCacheEvent>();
  expectTypeOf<BlockEvicted['reason']>().toEqualTypeOf<EvictionReason>();
});
