import { describe, expect, test } from 'vitest';
import { attribute, openAttribute } from '../../src/metrics/declaration.ts';
import { AttributeSets } from '../../src/recording/attribute-sets.ts';

const backend = openAttribute('kv_cache.backend.name', 2);
const shelf = openAttribute('my.shelf', 2);
const named = (sets: AttributeSets, value: string | undefined) => sets.of(undefined, [backend], [value]);

describe('an open attribute', () => {
  test('takes any value, up to its number of them; all further ones share _OTHER', () => {
    const sets = new AttributeSets();
    expect(named(sets, 'posix')).toEqual({ 'kv_cache.backend.name': 'posix' });
    expect(named(sets, 'nixl')).toEqual({ 'kv_cache.backend.name': 'nixl' });
    const other = named(sets, 'mooncake');
    expect(other).toEqual({ 'kv_cache.backend.name': '_OTHER' });
    expect(named(sets, 'ds3fs')).toBe(other);
    expect(named(sets, 'posix')).toEqual({ 'kv_cache.backend.name': 'posix' });
  });

  test('counts its values apart from those of another one', () => {
    const sets = new AttributeSets();
    for (const name of ['a', 'b', 'c']) named(sets, name);
    expect(sets.of(undefined, [shelf], ['c'])).toEqual({ 'my.shelf': 'c' });
  });

  test('is left out where nothing is known', () => {
    expect(named(new AttributeSets(), undefined)).toEqual({});
  });
});

test('an attribute that is there on failure only still has a closed set', () => {
  const error = attribute('error.type', ['timeout'], 'on failure');
  const sets = new AttributeSets();
  expect(sets.of(undefined, [error], [undefined])).toEqual({});
  expect(() => sets.of(undefined, [error], ['oops'])).toThrow("error.type is 'oops'; allowed: timeout");
});
