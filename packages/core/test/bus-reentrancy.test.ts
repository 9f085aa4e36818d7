import { expect, test } from 'vitest';
import { createBus } from '../src/bus.ts';
import { accessed, stored } from './sample-events.ts';

test('a handler added during a delivery sees the next event, not this one', () => {
  const bus = createBus();
  const late: unknown[] = [];
  let added = false;
  bus.subscribe('block.stored', 'early', () => {
    if (added) return;
    added = true;
    bus.subscribe('block.stored', 'late', (event) => late.push(event.keys[0]));
  });
  bus.publish('block.stored', stored('now'));
  expect(late).toEqual([]);
  bus.publish('block.stored', stored('next'));
  expect(late).toEqual(['next']);
});

test('a handler removed during a delivery is not called again, and nobody else is left out', () => {
  const bus = createBus();
  const seen: string[] = [];
  const undo: (() => void)[] = [];
  bus.subscribe('block.stored', 'remover', () => {
    seen.push('remover');
    undo.forEach((back) => void back());
  });
  undo.push(bus.subscribe('block.stored', 'removed', () => seen.push('removed')));
  bus.subscribe('block.stored', 'last', () => seen.push('last'));
  bus.publish('block.stored', stored(1));
  bus.publish('block.stored', stored(2));
  expect(seen).toEqual(['remover', 'last', 'remover', 'last']);
});

test('a handler that removes itself is called once, and those after it are still called', () => {
  const bus = createBus();
  const seen: string[] = [];
  const undo = bus.subscribe('block.stored', 'once', () => {
    seen.push('once');
    undo();
  });
  bus.subscribe('block.stored', 'always', () => seen.push('always'));
  bus.publish('block.stored', stored(1));
  bus.publish('block.stored', stored(2));
  expect(seen).toEqual(['once', 'always', 'always']);
});

test('an event published from a handler is delivered whole before the outer delivery goes on', () => {
  const bus = createBus();
  const seen: string[] = [];
  bus.subscribe('block.stored', 'publisher', () => {
    seen.push('stored 1');
    bus.publish('block.accessed', accessed(1));
  });
  bus.subscribe('block.stored', 'second', () => seen.push('stored 2'));
  bus.subscribe('block.accessed', 'inner', () => seen.push('accessed'));
  bus.publish('block.stored', stored(1));
  expect(seen).toEqual(['stored 1', 'accessed', 'stored 2']);
});

test('a handler that publishes its own type without end is counted, and the publisher sees nothing', () => {
  const bus = createBus();
  let calls = 0;
  bus.subscribe('block.stored', 'endless', (event) => {
    calls++;
    bus.publish('block.stored', event);
  });
  bus.subscribe('block.stored', 'other', () => {});
  expect(() => bus.publish('block.stored', stored(1))).not.toThrow();
  expect(calls).toBeGreaterThan(100);
  expect(bus.failures.get('endless')).toBeGreaterThan(0);
});
