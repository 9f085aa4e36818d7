import { expect, it } from 'vitest';
import { trace } from '../src/trace.ts';
import { traced } from './setup.ts';

it.each([
  [{ ringRecords: 1000 }, /trace\.ringRecords is 1000; allowed: a whole number from 1024 to 1048576/],
  [{ ringRecords: 1500 }, /trace\.ringRecords is 1500; allowed: powers of two/],
  [{ directory: '' }, /trace\.directory is ''; allowed: the path of a directory/],
  [{ totals: 5 }, /trace\.totals is 5; allowed: a function/],
  [{ onListening: {} }, /trace\.onListening is an object; allowed: a function/],
  [{ ring: 5 }, /field of trace is 'ring'; allowed: ringRecords, directory, totals, onListening/],
])('refuses %j', (options, message) => {
  expect(() => trace.validate?.(options as never)).toThrow(message);
});

it('asks sources what they hold only while somebody looks', () => {
  const { clock, control, bus, drain, loop } = traced();
  let asked = 0;
  const tier = { tier: 'l1', capacity: 9, evictable: 1, pinned: 2, unknown: 3 } as const;
  const source = {
    attributes: {},
    accesses: true,
    live: true,
    occupancy: () => {
      asked++;
      return { tiers: [tier] };
    },
    close: () => undefined,
  };
  bus.addSource(source);
  clock.advance(3000);
  expect([asked, loop.written]).toEqual([0, 3]);
  control.viewers = 1;
  clock.advance(1000);
  expect(asked).toBe(1);
  expect(drain.state().tiers.l1).toMatchObject({ resident: 6, limit: 9 });
});

it('leaves nothing behind', () => {
  const { running, messages, loop, clock } = traced();
  running.stop();
  expect([messages, loop.stopped, clock.timers]).toEqual([[{ kind: 'close' }], true, 0]);
});
