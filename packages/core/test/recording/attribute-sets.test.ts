import { describe, expect, test } from 'vitest';
import { attribute, openAttribute } from '../../src/metrics/declaration.ts';
import { AttributeSets, MAX_SOURCE_SETS } from '../../src/recording/attribute-sets.ts';
import { sourceWith } from '../sample-events.ts';

const tier = attribute('kv_cache.tier', ['l0', 'l1']);
const reason = attribute('kv_cache.eviction.reason', ['capacity', 'expired']);
const declared = [tier, reason];

test("puts the source's attributes and the metric's own into one frozen set", () => {
  const set = new AttributeSets().of(sourceWith({ pool: 'a' }), declared, ['l0', 'capacity']);
  expect(set).toEqual({ pool: 'a', 'kv_cache.tier': 'l0', 'kv_cache.eviction.reason': 'capacity' });
  expect(Object.isFrozen(set)).toBe(true);
});

describe('equal sets are one object', () => {
  test('from one source, from another one with equal attributes in another order, and over metrics', () => {
    const sets = new AttributeSets();
    const first = sets.of(sourceWith({ pool: 'a', rank: 1 }), declared, ['l0', 'capacity']);
    expect(sets.of(sourceWith({ rank: 1, pool: 'a' }), declared, ['l0', 'capacity'])).toBe(first);
    expect(sets.of(sourceWith({ pool: 'a', rank: 1 }), [reason, tier], ['capacity', 'l0'])).toBe(first);
  });

  test('but different values, types and sources are not', () => {
    const sets = new AttributeSets();
    const distinct = [
      sets.of(sourceWith({ rank: 1 }), declared, ['l0', 'capacity']),
      sets.of(sourceWith({ rank: 1 }), declared, ['l1', 'capacity']),
      sets.of(sourceWith({ rank: '1' }), declared, ['l0', 'capacity']),
      sets.of(sourceWith({ rank: true }), declared, ['l0', 'capacity']),
      sets.of(sourceWith(), declared, ['l0', 'capacity']),
      sets.of(undefined, [], []),
    ];
    expect(new Set(distinct).size).toBe(distinct.length);
  });
});

test('an undefined value leaves its attribute out', () => {
  const sets = new AttributeSets();
  const set = sets.of(undefined, declared, ['l0', undefined]);
  expect(Object.keys(set)).toEqual(['kv_cache.tier']);
  expect(sets.of(undefined, [tier], ['l0'])).toBe(set);
});

test.each(['l2', '', 'toString'])('refuses %j, which is not in the closed set', (value) => {
  expect(() => new AttributeSets().of(undefined, [tier], [value])).toThrow(
    new RangeError(`kv_cache.tier is '${value}'; allowed: l0, l1`),
  );
});

describe('an open set of values', () => {
  const backend = openAttribute('kv_cache.backend.name', 2);

  test('takes as many as it says, the rest are _OTHER, and the known ones stay', () => {
    const sets = new AttributeSets();
    const named = ['posix', 'nixl', 'gds', 'posix', 's3'].map((name) =>
      sets.of(undefined, [backend], [name]),
    );
    expect(named.map((set) => set['kv_cache.backend.name'])).toEqual([
      'posix',
      'nixl',
      '_OTHER',
      'posix',
      '_OTHER',
    ]);
    expect(named[4]).toBe(named[2]);
  });

  test('counts its values for itself, and an absent one is none', () => {
    const sets = new AttributeSets();
    const other = openAttribute('my.other', 2);
    sets.of(undefined, [other], ['a']);
    sets.of(undefined, [other, backend], ['b', undefined]);
    expect(sets.of(undefined, [backend], ['posix'])).toEqual({ 'kv_cache.backend.name': 'posix' });
    expect(sets.of(undefined, [other], ['c'])).toEqual({ 'my.other': '_OTHER' });
  });
});

describe('past 128 distinct attribute sets of sources', () => {
  const full = () => {
    const sets = new AttributeSets();
    for (let i = 0; i < MAX_SOURCE_SETS; i++) sets.of(sourceWith({ pool: i }), [tier], ['l0']);
    return sets;
  };

  test('all further ones share the overflow set, apart by the own attributes of the metric', () => {
    const sets = full();
    const overflow = sets.of(sourceWith({ pool: 'new' }), [tier], ['l0']);
    expect(overflow).toEqual({ 'otel.metric.overflow': true, 'kv_cache.tier': 'l0' });
    expect(sets.of(sourceWith({ other: 'newer' }), [tier], ['l0'])).toBe(overflow);
    expect(sets.of(sourceWith({ pool: 'new' }), [tier], ['l1'])).toEqual({
      'otel.metric.overflow': true,
      'kv_cache.tier': 'l1',
    });
  });

  test('the known ones keep theirs, from whatever source object', () => {
    expect(full().of(sourceWith({ pool: 127 }), [tier], ['l0'])).toEqual({
      pool: 127,
      'kv_cache.tier': 'l0',
    });
  });

  test('measurements without a source are not concerned', () => {
    expect(full().of(undefined, [tier], ['l0'])).toEqual({ 'kv_cache.tier': 'l0' });
  });
});
