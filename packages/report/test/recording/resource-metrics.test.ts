import { expect, it } from 'vitest';
import { valuesOf } from '../../src/recording/resource-metrics.ts';

const collected = (name: string, value: unknown, attributes = {}) => ({
  scopeMetrics: [{ metrics: [{ descriptor: { name }, dataPoints: [{ attributes, value }] }] }],
});

it('a histogram has a count, a sum and, in each bucket, all up to its bound', () => {
  const value = { count: 6, sum: 9, buckets: { boundaries: [1, 2], counts: [3, 2, 1] } };
  const named = { metric: 'kv_cache.io.duration', grows: true, labels: { kv_cache_tier: 'l2' } };
  expect([...valuesOf(collected('kv_cache.io.duration', value, { 'kv_cache.tier': 'l2' }))]).toEqual([
    { ...named, part: 'count', value: 6 },
    { ...named, part: 'sum', value: 9 },
    { ...named, part: 'bucket', bound: 1, value: 3 },
    { ...named, part: 'bucket', bound: 2, value: 5 },
    { ...named, part: 'bucket', bound: Number.POSITIVE_INFINITY, value: 6 },
  ]);
});

it('sums and gauges are values, of which only counters grow', () => {
  expect([...valuesOf(collected('kv_cache.io', 5))]).toMatchObject([{ grows: true, value: 5 }]);
  expect([...valuesOf(collected('kv_cache.block.usage', 5))]).toMatchObject([{ grows: false, value: 5 }]);
});

it('what is not of the registry, and what has no explicit buckets, is left out', () => {
  const exponential = {
    count: 1,
    sum: 1,
    scale: 0,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [1] },
  };
  expect([...valuesOf(collected('http.server.duration', 5))]).toEqual([]);
  expect([...valuesOf(collected('kv_cache.io.duration', exponential))]).toEqual([]);
  expect([...valuesOf(collected('kv_cache.io.duration', undefined))]).toEqual([]);
});
