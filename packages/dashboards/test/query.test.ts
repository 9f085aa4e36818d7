import { REGISTRY } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../src/catalog.ts';
import { hitRatio, neverReused, overlapOfRest, tokensSaved, wantedAgain } from '../src/query/figures.ts';
import { promqlOf } from '../src/query/promql.ts';
import { buckets, mean, plus, quantile, rate, total } from '../src/query/query.ts';
import { dashboardScope, recipeScope, ruleScope } from '../src/query/scope.ts';

const catalog = createCatalog(REGISTRY, 'prometheus');
const recipe = recipeScope(catalog);
const TIER = 'kv_cache.tier';

describe('a query in a recipe', () => {
  it.each([
    [
      'the rate of a counter',
      rate('kv_cache.io', { where: { [TIER]: 'l2' }, by: ['kv_cache.io.direction'] }),
      'sum by (kv_cache_io_direction) (rate(kv_cache_io_total{kv_cache_tier="l2"}[5m]))',
    ],
    [
      'the observations of a histogram',
      rate('kv_cache.task.duration'),
      'sum (rate(kv_cache_task_duration_count[5m]))',
    ],
    [
      'several values',
      rate('kv_cache.evictions', { where: { 'kv_cache.eviction.reason': ['capacity', 'expired'] } }),
      'sum (rate(kv_cache_evictions_total{kv_cache_eviction_reason=~"capacity|expired"}[5m]))',
    ],
    [
      'what failed',
      rate('kv_cache.tasks', { where: { 'error.type': { present: true } } }),
      'sum (rate(kv_cache_tasks_total{error_type!=""}[5m]))',
    ],
    [
      'a gauge',
      total('kv_cache.block.usage', { by: [TIER] }),
      'sum by (kv_cache_tier) (kv_cache_block_usage)',
    ],
    [
      'a quantile',
      quantile(0.9, 'kv_cache.block.lifetime', { by: [TIER] }),
      'histogram_quantile(0.9, sum by (le, kv_cache_tier) (rate(kv_cache_block_lifetime_bucket[5m])))',
    ],
    [
      'a mean that has no answer where nothing happened',
      mean('kv_cache.io.duration'),
      'sum (rate(kv_cache_io_duration_sum[5m])) / (sum (rate(kv_cache_io_duration_count[5m])) > 0)',
    ],
    [
      'a ratio',
      hitRatio,
      'sum by (kv_cache_tier) (rate(kv_cache_lookup_blocks_total{kv_cache_lookup_result="hit"}[5m])) / (sum by (kv_cache_tier) (rate(kv_cache_lookup_blocks_total[5m])) > 0)',
    ],
    [
      'observations up to a boundary',
      neverReused,
      'sum by (kv_cache_tier) (rate(kv_cache_block_reuses_bucket{le=~"0|0.0"}[5m])) / (sum by (kv_cache_tier) (rate(kv_cache_block_reuses_count[5m])) > 0)',
    ],
    [
      'a share of a sum of which either part may be missing',
      wantedAgain,
      'sum by (kv_cache_tier) (rate(kv_cache_block_evict_reuse_gap_count[5m])) / ((sum by (kv_cache_tier) (rate(kv_cache_block_evict_reuse_gap_count[5m])) + sum by (kv_cache_tier) (rate(kv_cache_block_evict_reuse_misses_total[5m])) or sum by (kv_cache_tier) (rate(kv_cache_block_evict_reuse_gap_count[5m])) or sum by (kv_cache_tier) (rate(kv_cache_block_evict_reuse_misses_total[5m]))) > 0)',
    ],
    [
      'what is missing to 1',
      overlapOfRest,
      'clamp(1 - sum (rate(kv_cache_layer_wait_duration_sum{kv_cache_operation_name="load", kv_cache_layer_position="rest"}[5m])) / (sum (rate(kv_cache_layer_load_duration_sum{kv_cache_layer_position="rest"}[5m])) > 0), 0, 1)',
    ],
    [
      'what each instance weighs by itself',
      tokensSaved,
      'sum by (kv_cache_tier) (sum by (job, instance, kv_cache_tier) (rate(kv_cache_lookup_blocks_total{kv_cache_lookup_result="hit"}[5m])) * max by (job, instance, kv_cache_tier) (kv_cache_block_tokens))',
    ],
  ])('%s', (_, query, expected) => {
    expect(promqlOf(query, recipe)).toBe(expected);
  });
});

it('a panel keeps apart what View says and narrows down to the chosen services', () => {
  expect(promqlOf(rate('kv_cache.stores', { by: [TIER] }), dashboardScope(catalog))).toBe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
    'sum by (${view:raw}, kv_cache_tier) (rate(kv_cache_stores_total{job=~"$service", instance=~"$instance"}[$__rate_interval]))',
  );
});

it('a rule keeps apart what it is told to', () => {
  expect(promqlOf(rate('kv_cache.stores'), ruleScope(catalog, ['job', 'instance'], '10m'))).toBe(
    'sum by (job, instance) (rate(kv_cache_stores_total[10m]))',
  );
});

it('a heat map has a row for each bucket and none for each instance', () => {
  expect(promqlOf(buckets('kv_cache.io.duration'), ruleScope(catalog, ['job'], '5m'))).toBe(
    'sum by (le) (rate(kv_cache_io_duration_bucket[5m]))',
  );
});

it('says which metrics it reads', () => {
  expect(plus(rate('kv_cache.stores'), rate('kv_cache.evictions')).metrics).toEqual([
    'kv_cache.stores',
    'kv_cache.evictions',
  ]);
  expect(tokensSaved.metrics).toEqual(['kv_cache.lookup.blocks', 'kv_cache.block.tokens']);
});

describe('what the registry does not have is refused by name', () => {
  it.each([
    ['a metric', rate('kv_cache.shops'), 'kv_cache.shops is not in the metric registry'],
    [
      'an attribute to group by',
      rate('kv_cache.io', { by: ['kv_cache.operation.name'] }),
      'kv_cache.io has no attribute kv_cache.operation.name; it has: kv_cache.tier, kv_cache.io.direction',
    ],
    [
      'an attribute to select by',
      rate('kv_cache.source.missed', { where: { [TIER]: 'l0' } }),
      'kv_cache.source.missed has no attribute kv_cache.tier; it has: none',
    ],
    [
      'a value',
      rate('kv_cache.io', { where: { [TIER]: 'l3' } }),
      "kv_cache.tier of kv_cache.io is never 'l3'; allowed: l0, l1, l2",
    ],
    [
      'a rate of what is no counter',
      rate('kv_cache.block.usage'),
      'kv_cache.block.usage goes up and down: it has no rate',
    ],
    [
      'a quantile of what is no histogram',
      quantile(0.5, 'kv_cache.io'),
      'kv_cache.io is a counter: it has no bucket',
    ],
    [
      'a histogram as a whole',
      total('kv_cache.io.duration'),
      'kv_cache.io.duration is a histogram: it has parts only',
    ],
    ['a boundary', rate('kv_cache.block.reuses', { upTo: 3 }), '3 is no boundary of kv_cache.block.reuses'],
  ])('%s', (_, query, message) => {
    expect(() => promqlOf(query, recipe)).toThrow(new RangeError(message));
  });
});
