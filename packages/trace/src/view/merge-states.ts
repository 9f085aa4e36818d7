import { TIERS } from '@kvscope/core';
import { addDistributions } from '../aggregation/distribution.js';
import type { IoState, LayersState, OperationState, TierState, TraceState } from '../state.js';

/** What several processes know together. A window that is over in one and goes on in another goes on. */
export function mergeStates(states: readonly TraceState[]): TraceState | undefined {
  return states.length === 0 ? undefined : states.reduce(mergeTwo);
}

function mergeTwo(a: TraceState, b: TraceState): TraceState {
  const { endTime: endA } = a.window;
  const { endTime: endB } = b.window;
  return {
    version: a.version,
    time: Math.max(a.time, b.time),
    window: {
      name: a.window.name === b.window.name ? a.window.name : '',
      startTime: Math.min(a.window.startTime, b.window.startTime),
      endTime: endA === null || endB === null ? null : Math.max(endA, endB),
    },
    ended: a.ended && b.ended,
    shift: Math.max(a.shift, b.shift),
    sampled: a.sampled || b.sampled,
    events: a.events + b.events,
    moved: sumFields(a.moved, b.moved),
    outside: a.outside + b.outside,
    malformed: a.malformed + b.malformed,
    negative: a.negative + b.negative,
    tasks: {
      load: mergeOperations(a.tasks.load, b.tasks.load),
      dump: mergeOperations(a.tasks.dump, b.tasks.dump),
    },
    layers: mergeLayers(a.layers, b.layers),
    tiers: Object.fromEntries(
      TIERS.map((tier) => [tier, mergeTiers(a.tiers[tier], b.tiers[tier])]),
    ) as TraceState['tiers'],
    producers: [...a.producers, ...b.producers],
    totals: mergeTotals(a.totals, b.totals),
  };
}

function mergeOperations(a: OperationState, b: OperationState): OperationState {
  const names = Object.keys(a.stages) as (keyof OperationState['stages'])[];
  return {
    stages: Object.fromEntries(
      names.map((name) => [name, addDistributions(a.stages[name], b.stages[name])]),
    ) as OperationState['stages'],
    whole: addDistributions(a.whole, b.whole),
    failed: addDistributions(a.failed, b.failed),
    shares: sumFields(a.shares, b.shares),
    marked: sumFields(a.marked, b.marked),
    blocks: a.blocks + b.blocks,
    bytes: a.bytes + b.bytes,
  };
}

function mergeLayers(a: LayersState, b: LayersState): LayersState {
  const both = (of: 'waits' | 'loads') => ({
    first: addDistributions(a[of].first, b[of].first),
    rest: addDistributions(a[of].rest, b[of].rest),
  });
  return {
    waits: both('waits'),
    loads: both('loads'),
    stalls: sumFields(a.stalls, b.stalls),
    saveTail: addDistributions(a.saveTail, b.saveTail),
    batches: a.batches + b.batches,
    overlapped: sumFields(a.overlapped, b.overlapped),
    orphans: a.orphans + b.orphans,
  };
}

function mergeTiers(a: TierState, b: TierState): TierState {
  const { io: ioA, resident: residentA, limit: limitA, ...countsA } = a;
  const { io: ioB, resident: residentB, limit: limitB, ...countsB } = b;
  return {
    ...sumFields(countsA, countsB),
    io: { read: mergeIo(ioA.read, ioB.read), write: mergeIo(ioA.write, ioB.write) },
    resident: sumKnown(residentA, residentB),
    limit: sumKnown(limitA, limitB),
  };
}

function mergeIo(a: IoState, b: IoState): IoState {
  return {
    calls: addDistributions(a.calls, b.calls),
    queue: addDistributions(a.queue, b.queue),
    bytes: a.bytes + b.bytes,
    errors: a.errors + b.errors,
  };
}

function mergeTotals(a: TraceState['totals'], b: TraceState['totals']): TraceState['totals'] {
  if ('missing' in a) return a;
  if ('missing' in b) return b;
  const names = new Set([...Object.keys(a.values), ...Object.keys(b.values)]);
  return {
    values: Object.fromEntries(
      [...names].map((name) => [name, (a.values[name] ?? 0) + (b.values[name] ?? 0)]),
    ),
  };
}

function sumKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function sumFields<T extends { readonly [K in keyof T]: number }>(a: T, b: T): T {
  const fields = Object.keys(a) as (keyof T)[];
  return Object.fromEntries(fields.map((field) => [field, a[field] + b[field]])) as unknown as T;
}
