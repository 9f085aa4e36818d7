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
  readonly calls: HistogramValues;
  /** Bytes of successful calls. */
  readonly bytes: number;
  /** Bytes per second over the whole run. */
  readonly throughput: number;
  readonly errors: number;
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

/** What the demo shows beyond a replay: where time went, and what is resident at the end. */
export interface DemoFigures {
  readonly load: readonly Stage[];
  readonly dump: readonly Stage[];
  readonly io: readonly IoFigures[];
  readonly layers: readonly LayerFigures[];
  readonly saveTail: HistogramValues;
  readonly occupancy: Readonly<Record<Tier, OccupancyFigures>>;
  /** What another host memory would have hit: of L1 alone, or of nothing when nothing came there. */
  readonly curve: readonly ReuseCurve[];
}

const LOAD_STAGES = ['queue', 'dispatch', 'wait', 'copy'];
const DUMP_STAGES = ['queue', 'dispatch', 'copy', 'handoff'];

/** @param seconds wall time of the run */
export function readDemoFigures(
  values: MetricValues,
  seconds: number,
  curve: readonly ReuseCurve[],
): DemoFigures {
  const stages = (operation: string, names: readonly string[]): Stage[] => {
    const where = { 'kv_cache.operation.name': operation };
    return [
      ...names.map((name) => ({ name, values: values.histogram(`kv_cache.task.${name}.duration`, where) })),
      { name: 'end to end', values: values.histogram('kv_cache.task.duration', where) },
    ];
  };
  return {
    load: stages('load', LOAD_STAGES),
    dump: stages('dump', DUMP_STAGES),
    io: (['read', 'write'] as const).map((direction) => {
      const where = { 'kv_cache.io.direction': direction };
      const bytes = values.sum('kv_cache.io', where);
      return {
        direction,
        calls: values.histogram('kv_cache.io.duration', where),
        bytes,
        throughput: bytes / seconds,
        errors: values.sum('kv_cache.io.errors', where),
      };
    }),
    layers: (['first', 'rest'] as const).map((position) => {
      const where = { 'kv_cache.layer.position': position };
      const loads = { ...where, 'kv_cache.operation.name': 'load' };
      const waited = values.histogram('kv_cache.layer.wait.duration', loads);
      const loaded = values.histogram('kv_cache.layer.load.duration', where);
      const overlap = Math.min(1, Math.max(0, 1 - waited.sum / loaded.sum));
      return { position, waited, loaded, overlap, stalls: values.sum('kv_cache.layer.stalls', where) };
    }),
    saveTail: values.histogram('kv_cache.layer.save_tail.duration'),
    occupancy: Object.fromEntries(
      TIERS.map((tier) => [tier, occupancyOf(values, tier)]),
    ) as DemoFigures['occupancy'],
    curve,
  };
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
