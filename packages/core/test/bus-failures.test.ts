import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { createBus } from '../src/bus.ts';
import { recordDiag } from './recording-diag.ts';
import { stored } from './sample-events.ts';

const EVENTS = 1000;

/** Unhandled rejections seen until the end of the test. */
function recordUnhandled(): unknown[] {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return unhandled;
}

/** Node tells of unhandled rejections once the microtasks are done, before the next macrotask. */
const nextMacrotask = () => new Promise((resolve) => setImmediate(resolve));

test('a subscriber that throws on each of 1,000 events changes nothing for the others', () => {
  const lines = recordDiag();
  const bus = createBus();
  const figures = { before: 0, after: 0 };
  bus.subscribe('block.stored', 'before', (event) => {
    figures.before += event.keys.length;
  });
  bus.subscribe('block.stored', 'faulty', () => {
    throw new Error('boom');
  });
  bus.subscribe('block.stored', 'after', (event) => {
    figures.after += event.keys.length;
  });
  for (let i = 0; i < EVENTS; i++) expect(bus.publish('block.stored', stored(i, -i))).toBeUndefined();
  expect(figures).toEqual({ before: 2 * EVENTS, after: 2 * EVENTS });
  expect(bus.channel('block.stored').delivered).toBe(EVENTS);
  expect(bus.failures).toEqual(new Map([['faulty', EVENTS]]));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^error: kvscope: subscriber 'faulty' failed; .* Error: boom/);
});

test('an async handler that rejects is counted and leaves no unhandled rejection', async () => {
  const lines = recordDiag();
  const unhandled = recordUnhandled();
  const bus = createBus();
  bus.subscribe('block.stored', 'async', async () => {
    await Promise.resolve();
    throw new Error('late');
  });
  for (let i = 0; i < EVENTS; i++) bus.publish('block.stored', stored(i));
  await nextMacrotask();
  expect(bus.failures).toEqual(new Map([['async', EVENTS]]));
  expect(unhandled).toEqual([]);
  expect(lines).toHaveLength(1);
});

test('so is the rejection of a promise from another realm', async () => {
  recordDiag();
  const unhandled = recordUnhandled();
  const bus = createBus();
  const foreign = runInNewContext('async () => { throw new Error("elsewhere"); }') as () => Promise<void>;
  bus.subscribe('block.stored', 'foreign', () => foreign());
  bus.publish('block.stored', stored(1));
  await nextMacrotask();
  expect(bus.failures).toEqual(new Map([['foreign', 1]]));
  expect(unhandled).toEqual([]);
});

test('what a handler returns is otherwise ignored', () => {
  const bus = createBus();
  for (const value of [0, null, 'text', {}]) bus.subscribe('block.stored', 'value', () => value);
  bus.publish('block.stored', stored(1));
  expect(bus.failures.size).toBe(0);
});

test('fail counts what happened outside a handler', () => {
  const lines = recordDiag();
  const bus = createBus();
  bus.fail('timer', new RangeError('too late'));
  bus.fail('timer', 'a string');
  expect(bus.failures).toEqual(new Map([['timer', 2]]));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('RangeError: too late');
});
