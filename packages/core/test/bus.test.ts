import { describe, expect, expectTypeOf, test } from 'vitest';
import { createBus, MAX_SOURCES } from '../src/bus.ts';
import { type BlockStored, EVENT_NAMES, type EventMap, type EventName } from '../src/events.ts';
import { recordDiag } from './recording-diag.ts';
import { accessed, sourceWith, stored } from './sample-events.ts';

describe('delivery', () => {
  test('hands the very event to every subscriber of its type, in the order they came, and to no other', () => {
    const bus = createBus();
    const seen: [string, unknown][] = [];
    bus.subscribe('block.stored', 'first', (event) => seen.push(['first', event]));
    bus.subscribe('block.stored', 'second', (event) => seen.push(['second', event]));
    bus.subscribe('block.accessed', 'other', (event) => seen.push(['other', event]));
    const event = stored(1, 2);
    bus.publish('block.stored', event);
    expect(seen.map(([name]) => name)).toEqual(['first', 'second']);
    expect(seen.every(([, received]) => received === event)).toBe(true);
  });

  test('is over when publish returns', () => {
    const bus = createBus();
    let keys = 0;
    bus.subscribe('block.stored', 'test', (event) => {
      keys += event.keys.length;
    });
    bus.publish('block.stored', stored(1, 2, 3));
    expect(keys).toBe(3);
  });

  test('carries every event of the catalog', () => {
    const bus = createBus();
    const seen: EventName[] = [];
    for (const name of EVENT_NAMES) bus.subscribe(name, 'test', () => seen.push(name));
    for (const name of EVENT_NAMES) bus.publish(name, stored(1) as never);
    expect(seen).toEqual(EVENT_NAMES);
  });

  test('types the event by its name', () => {
    const bus = createBus();
    bus.subscribe('block.stored', 'test', (event) => expectTypeOf(event).toEqualTypeOf<BlockStored>());
    expectTypeOf(bus.channel('layer.waited').publish).parameter(0).toEqualTypeOf<EventMap['layer.waited']>();
    // @ts-expect-error an access has no cause
    bus.publish('block.accessed', stored(1));
    // @ts-expect-error no such event
    bus.publish('block.lost', stored(1));
  });

  test.each(['block.lost', 'toString', '__proto__', '*'])(
    'tells of the unknown type %s and carries it',
    (name) => {
      const lines = recordDiag();
      const bus = createBus();
      const type = name as EventName;
      const seen: unknown[] = [];
      expect(bus.wants(type)).toBe(false);
      const undo = bus.subscribe(type, 'test', (event) => void seen.push(event));
      expect(bus.wants(type)).toBe(true);
      bus.publish(type, stored(1) as never);
      bus.publish('block.stored', stored(2));
      undo();
      expect([seen.length, bus.wants(type)]).toEqual([1, false]);
      expect(bus.failures.get('bus')).toBe(1);
      expect(lines).toEqual([
        expect.stringContaining(`event type is '${name}'; this version knows: block.stored,`),
      ]);
    },
  );

  test('carries a bounded number of unknown types, and counts what is published under more', () => {
    recordDiag();
    const bus = createBus();
    for (let i = 0; i < 300; i++) bus.subscribe(`type-${i}` as EventName, 'test', () => undefined);
    expect([bus.wants('type-255' as EventName), bus.wants('type-256' as EventName)]).toEqual([true, false]);
    // 300 subscriptions and one question; those beyond the bound are counted each time.
    expect(bus.failures.get('bus')).toBe(301);
  });

  test('refuses a handler that is not a function', () => {
    const bus = createBus();
    expect(() => bus.subscribe('block.stored', 'test', undefined as never)).toThrow('handler is undefined');
    expect(bus.wants('block.stored')).toBe(false);
  });
});

describe('undo and wants', () => {
  test('an undone subscription receives nothing more, also when undone twice, and leaves the others alone', () => {
    const bus = createBus();
    const seen: string[] = [];
    const handler = () => void seen.push('twice');
    const undo = bus.subscribe('block.stored', 'test', handler);
    bus.subscribe('block.stored', 'test', handler);
    bus.subscribe('block.stored', 'test', () => seen.push('once'));
    undo();
    undo();
    bus.publish('block.stored', stored(1));
    expect(seen).toEqual(['twice', 'once']);
  });

  test('wants is true exactly while somebody listens', () => {
    const bus = createBus();
    expect(bus.wants('block.stored')).toBe(false);
    const undoFirst = bus.subscribe('block.stored', 'first', () => {});
    const undoSecond = bus.subscribe('block.stored', 'second', () => {});
    expect(bus.wants('block.stored')).toBe(true);
    expect(bus.wants('block.accessed')).toBe(false);
    undoFirst();
    expect(bus.wants('block.stored')).toBe(true);
    undoSecond();
    expect(bus.wants('block.stored')).toBe(false);
  });

  test('a channel that was taken before follows the subscriptions', () => {
    const bus = createBus();
    const channel = bus.channel('block.accessed');
    const seen: unknown[] = [];
    expect(channel.wanted).toBe(false);
    const undo = bus.subscribe('block.accessed', 'test', (event) => seen.push(...event.keys));
    expect(channel.wanted).toBe(true);
    channel.publish(accessed(1));
    undo();
    channel.publish(accessed(2));
    expect(channel.wanted).toBe(false);
    expect(seen).toEqual([1]);
    expect(bus.channel('block.accessed')).toBe(channel);
  });

  test('delivered counts the events that somebody listened to, once each', () => {
    const bus = createBus();
    const channel = bus.channel('block.stored');
    channel.publish(stored(1));
    bus.subscribe('block.stored', 'first', () => {});
    bus.subscribe('block.stored', 'second', () => {});
    for (let i = 0; i < 3; i++) channel.publish(stored(i));
    expect(channel.delivered).toBe(3);
    expect(bus.channel('block.accessed').delivered).toBe(0);
  });
});

test('keeps at most 1024 sources and counts those it refuses', () => {
  const bus = createBus();
  const first = sourceWith();
  bus.addSource(first);
  for (let i = 1; i < MAX_SOURCES + 5; i++) bus.addSource(sourceWith());
  expect(bus.sources.size).toBe(MAX_SOURCES);
  expect(bus.failures).toEqual(new Map([['sources', 5]]));
  bus.removeSource(first);
  bus.removeSource(first);
  expect(bus.sources.size).toBe(MAX_SOURCES - 1);
});
