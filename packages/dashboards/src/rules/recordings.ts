import { backendLoadRatio, hitRatio, overallHitRatio, overlap, overlapOfRest } from '../query/figures.js';
import { mean, quantile } from '../query/query.js';
import type { Recording } from './rule.js';

const OPERATION = 'kv_cache.operation.name';
/** The stages in their order, and the whole. */
const STAGES = ['queue', 'dispatch', 'wait', 'copy', 'handoff', 'total'] as const;

function stage(name: (typeof STAGES)[number]): readonly Recording[] {
  const metric = name === 'total' ? 'kv_cache.task.duration' : `kv_cache.task.${name}.duration`;
  const labels = { stage: name };
  return [
    {
      record: 'job_operation_stage:kv_cache_task_duration_seconds:mean5m',
      query: mean(metric, { by: [OPERATION] }),
      labels,
    },
    {
      record: 'job_operation_stage:kv_cache_task_duration_seconds:p99_5m',
      query: quantile(0.99, metric, { by: [OPERATION] }),
      labels,
    },
  ];
}

/** Kept apart by `job` and what the name says. */
export const RECORDINGS: readonly Recording[] = [
  { record: 'job_tier:kv_cache_hit:ratio5m', query: hitRatio },
  { record: 'job:kv_cache_hit:ratio5m', query: overallHitRatio },
  { record: 'job:kv_cache_backend_load:ratio5m', query: backendLoadRatio },
  { record: 'job:kv_cache_layer_overlap:ratio5m', query: overlap },
  { record: 'job:kv_cache_layer_overlap_rest:ratio5m', query: overlapOfRest },
  ...STAGES.flatMap(stage),
];
