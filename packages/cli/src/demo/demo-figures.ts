import { TIERS, type Tier } from '@kvscope/core';
import type { ReuseCurve } from '@kvscope/subscriber-reuse';
import type { HistogramValues, MetricValues } from '../metric-reader.js';

/** One stage of a task, from its histogram. */
export interface Stage {
  readonly name: string;
  readonly values: HistogramValues;
}

export interface IoFigures {
  readonly direction: 'read' | 'write';
  readonly calls: HistogramValues | null;
  /** Bytes of successful calls. */
  readonly bytes: number | null;
  /** Bytes per second over the whole run. */
  readonly throughput: number | null;
  readonly errors: number | null;
}

export interface LayerFigures {
  readonly position: 'first' | 'rest';
  readonly waited: HistogramValues;
  readonly loaded: HistogramValues;
  /** Share of the loading that was hidden behind compute; not a number when nothing was loaded. */
  readonly overlap: number;
  readonly stalls: number;
}

export interface OccupancyFigures {
  readonly evictable: number;
  readonly pinned: number;
  readonly limit: number;
}

/**
 * What the demo shows beyond a replay: where time went, and what is resident at the end; null where the subscriber
 * that measures it was off.
 */
export interface DemoFigures {
  readonly load: readonly Stage[] | null;
  readonly dump: readonly Stage[] | null;
  readonly io: readonly IoFigures[];
  readonly layers: readonly LayerFigures[] | null;
  readonly saveTail: HistogramValues | null;
  readonly occupancy: Readonly<Record<Tier, OccupancyFigures>> | null;
  /** What another host memory would have hit: of L1 alone, or of nothing when nothing came there. */
  readonly curve: readonly ReuseCurve[];
}

const LOAD_STAGES = ['queue', 'dispatch', 'wait', 'copy'];
const DUMP_STAGES = ['queue', 'dispatch', 'copy', 'handoff'];

/** @param seconds wall time of the run */
export function readDemoFigures(
  values: MetricValues,
  subscribers: readonly string[],
  seconds: number,
  curve: readonly ReuseCurve[],
): DemoFigures {
  const [shards, transfer, layerwise] = ['shards', 'transfer', 'layerwise'].map((name) =>
    subscribers.includes(name),
  );
  return {
    load: transfer ? stagesOf(values, 'load', LOAD_STAGES) : null,
    dump: transfer ? stagesOf(values, 'dump', DUMP_STAGES) : null,
    io: (['read', 'write'] as const).map((direction) => {
      const where = { 'kv_cache.io.direction': direction };
      const bytes = shards ? values.sum('kv_cache.io', where) : null;
      return {
        direction,
        calls: transfer ? values.histogram('kv_cache.io.duration', where) : null,
        bytes,
        throughput: bytes === null ? null : bytes / seconds,
        errors: shards ? values.sum('kv_cache.io.errors', where) : null,
      };
    }),
    layers: layerwise ? (['first', 'rest'] as const).map((position) => layersOf(values, position)) : null,
    saveTail: layerwise ? values.histogram('kv_cache.layer.save_tail.duration') : null,
    occupancy: shards
      ? (Object.fromEntries(
          TIERS.map((tier) => [tier, occupancyOf(values, tier)]),
        ) as DemoFigures['occupancy'])
      : null,
    curve,
  };
}

function stagesOf(values: MetricValues, operation: string, names: readonly string[]): Stage[] {
  const where = { 'kv_cache.operation.name': operation };
  return [
    ...names.map((name) => ({ name, values: values.histogram(`kv_cache.task.${name}.duration`, where) })),
    { name: 'end to end', values: values.histogram('kv_cache.task.duration', where) },
  ];
}

function layersOf(values: MetricValues, position: 'first' | 'rest'): LayerFigures {
  const where = { 'kv_cache.layer.position': position };
  const loads = { ...where, 'kv_cache.operation.name': 'load' };
  const waited = values.histogram('kv_cache.layer.wait.duration', loads);
  const loaded = values.histogram('kv_cache.layer.load.duration', where);
  const overlap = Math.min(1, Math.max(0, 1 - waited.sum / loaded.sum));
  return { position, waited, loaded, overlap, stalls: values.sum('kv_cache.layer.stalls', where) };
}

function occupancyOf(values: MetricValues, tier: Tier): OccupancyFigures {
  const usage = (state: string) =>
    values.sum('kv_cache.block.usage', { 'kv_cache.tier': tier, 'kv_cache.block.state': state });
  return {
    evictable: usage('evictable'),
    pinned: usage('pinned'),
    limit: values.sum('kv_cache.block.limit', { 'kv_cache.tier': tier }),
  };
}
