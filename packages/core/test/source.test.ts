import { describe, expect, test } from 'vitest';
import { createBus } from '../src/bus.ts';
import { getBus } from '../src/global-bus.ts';
import { createSource, MAX_SOURCE_ATTRIBUTES, type SourceOptions } from '../src/source.ts';

const occupancy = () => ({ tiers: [] });

test('without options: no attributes, reports accesses, live, answers no occupancy', () => {
  const bus = createBus();
  const source = createSource({}, bus);
  expect(source).toMatchObject({ attributes: {}, accesses: true, live: true });
  expect('backend' in source || 'occupancy' in source).toBe(false);
  expect(bus.sources.size).toBe(0);
});

test('carries what it is given, frozen and cut off from what the producer does later', () => {
  const attributes: Record<string, string | number | boolean> = { 'cache.pool': 'a', 'cache.warm': false };
  const source = createSource({ attributes, backend: 'posix', accesses: false, live: false }, createBus());
  attributes['cache.pool'] = 'b';
  expect(source).toMatchObject({
    attributes: { 'cache.pool': 'a', 'cache.warm': false },
    backend: 'posix',
    accesses: false,
    live: false,
  });
  expect(Object.isFrozen(source)).toBe(true);
  expect(Object.isFrozen(source.attributes)).toBe(true);
});

describe('occupancy', () => {
  test('puts the source on the bus until it is closed, also when closed twice', () => {
    const bus = createBus();
    const first = createSource({ occupancy }, bus);
    const second = createSource({ occupancy }, bus);
    expect([...bus.sources]).toEqual([first, second]);
    first.close();
    first.close();
    expect([...bus.sources]).toEqual([second]);
  });

  test('is not asked when the source is made', () => {
    let asked = 0;
    createSource({ occupancy: () => ({ tiers: [], asked: ++asked }) }, createBus());
    expect(asked).toBe(0);
  });

  test("without a bus of one's own the source is on the thread's", () => {
    const source = createSource({ occupancy });
    expect(getBus().sources.has(source)).toBe(true);
    source.close();
    expect(getBus().sources.has(source)).toBe(false);
  });
});

describe('refuses', () => {
  const refused: readonly [string, unknown, string][] = [
    ['three attributes', { attributes: { a: 1, b: 2, c: 3 } }, "attributes is 'a, b, c'; allowed: at most 2"],
    ['an empty attribute name', { attributes: { '': 1 } }, "attributes is ''; allowed: names of 1 to 256"],
    ['an endless attribute name', { attributes: { ['n'.repeat(257)]: 1 } }, 'allowed: names of 1 to 256'],
    [
      'an undefined value',
      { attributes: { a: undefined } },
      "attributes['a'] is undefined; allowed: a string",
    ],
    ['a value that is not finite', { attributes: { a: Number.NaN } }, "attributes['a'] is NaN"],
    ['a bigint value', { attributes: { a: 1n } }, "attributes['a'] is 1n"],
    ['an object value', { attributes: { a: {} } }, "attributes['a'] is an object"],
    ['an endless value', { attributes: { a: 'v'.repeat(257) } }, "attributes['a'] is 'vvv"],
    ['an empty backend', { backend: '' }, "backend is ''; allowed: a non-empty string"],
    ['a backend that is no string', { backend: 5 }, 'backend is 5; allowed: a non-empty string'],
    ['an occupancy that is no function', { occupancy: {} }, 'occupancy is an object; allowed: a function'],
    ['accesses that are no boolean', { accesses: 'false' }, "accesses is 'false'; allowed: true or false"],
    ['live that is no boolean', { live: 0 }, 'live is 0; allowed: true or false'],
  ];

  test.each(refused)('%s', (_, options, message) => {
    const bus = createBus();
    expect(() => createSource(options as SourceOptions, bus)).toThrow(RangeError);
    expect(() => createSource(options as SourceOptions, bus)).toThrow(message);
    expect(bus.sources.size).toBe(0);
  });

  test('but takes the most that is allowed', () => {
    const attributes = { ['n'.repeat(256)]: 'v'.repeat(256), b: true };
    expect(Object.keys(attributes)).toHaveLength(MAX_SOURCE_ATTRIBUTES);
    expect(createSource({ attributes }, createBus()).attributes).toEqual(attributes);
  });
});
