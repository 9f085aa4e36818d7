import type { MetricTotals } from '@kvscope/trace';
import type { MetricValues } from '../metric-reader.js';

/** What the view holds against the trace, from the metrics: tasks, blocks and lookups, and bytes. */
export function metricTotals(values: MetricValues): MetricTotals {
  const operation = (name: string) => ({ 'kv_cache.operation.name': name });
  const direction = (name: string) => ({ 'kv_cache.io.direction': name });
  const loads = values.sum('kv_cache.tasks', operation('load'));
  const dumps = values.sum('kv_cache.tasks', operation('dump'));
  return {
    loads,
    dumps,
    'blocks loaded': values.sum('kv_cache.task.blocks', operation('load')),
    'blocks dumped': values.sum('kv_cache.task.blocks', operation('dump')),
    stores: values.sum('kv_cache.stores'),
    evictions: values.sum('kv_cache.evictions'),
    reads: values.sum('kv_cache.accesses'),
    'blocks asked': values.sum('kv_cache.lookup.blocks'),
    hits: values.sum('kv_cache.lookup.blocks', { 'kv_cache.lookup.result': 'hit' }),
    'bytes read': values.sum('kv_cache.io', direction('read')),
    'bytes written': values.sum('kv_cache.io', direction('write')),
    'io errors': values.sum('kv_cache.io.errors'),
  };
}
