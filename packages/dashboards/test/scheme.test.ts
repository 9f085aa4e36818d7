import { REGISTRY } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { metricName, SCHEMES } from '../src/scheme.ts';

/** Worked out by hand from the OpenTelemetry specification's rules for Prometheus. */
const NAMES = [
  ['kv_cache.block.lifetime', 'histogram', 's', 'kv_cache_block_lifetime', 'kv_cache_block_lifetime_seconds'],
  ['kv_cache.stores', 'counter', '{block}', 'kv_cache_stores_total', 'kv_cache_stores_total'],
  ['kv_cache.io', 'counter', 'By', 'kv_cache_io_total', 'kv_cache_io_bytes_total'],
  [
    'kv_cache.source.io',
    'observableCounter',
    'By',
    'kv_cache_source_io_total',
    'kv_cache_source_io_bytes_total',
  ],
  [
    'kv_cache.io.bandwidth',
    'histogram',
    'By/s',
    'kv_cache_io_bandwidth',
    'kv_cache_io_bandwidth_bytes_per_second',
  ],
  [
    'kv_cache.sampling.rate',
    'observableGauge',
    '1',
    'kv_cache_sampling_rate',
    'kv_cache_sampling_rate_ratio',
  ],
  [
    'kv_cache.reuse.hit_ratio',
    'observableGauge',
    '1',
    'kv_cache_reuse_hit_ratio',
    'kv_cache_reuse_hit_ratio',
  ],
  ['kv_cache.layer.overlap', 'histogram', '1', 'kv_cache_layer_overlap', 'kv_cache_layer_overlap'],
  [
    'kv_cache.block.usage',
    'observableUpDownCounter',
    '{block}',
    'kv_cache_block_usage',
    'kv_cache_block_usage',
  ],
  ['kv_cache.block.size', 'observableGauge', 'By', 'kv_cache_block_size', 'kv_cache_block_size_bytes'],
  ['kv_cache.block.tokens', 'observableGauge', '{token}', 'kv_cache_block_tokens', 'kv_cache_block_tokens'],
] as const;

describe.each(SCHEMES)('in the scheme %s', (scheme) => {
  it.each(NAMES)('%s, a %s in %s', (name, instrument, unit, prometheus, otlp) => {
    expect(metricName(name, { instrument, unit }, scheme)).toBe({ prometheus, otlp }[scheme]);
  });

  it('no two metrics share a name', () => {
    const names = REGISTRY.flatMap(({ metrics }) =>
      Object.entries(metrics).map(([name, metric]) => metricName(name, metric, scheme)),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
