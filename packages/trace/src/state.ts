import type { IoDirection, TaskOperation, Tier } from '@kvscope/core';
import type { DistributionState } from './aggregation/distribution.js';

/*
 * What a trace knows of its window: plain data that is sent as JSON and that adds up over processes. Counts are scaled to
 * what was not sampled. Milliseconds and bytes.
 */

export const STATE_VERSION = 1;

/** The stages of a task in their order. */
export const STAGES = {
  load: ['queue', 'dispatch', 'wait', 'copy'],
  dump: ['queue', 'dispatch', 'copy', 'handoff'],
} as const satisfies Readonly<Record<TaskOperation, readonly string[]>>;
export type StageName = 'queue' | 'dispatch' | 'wait' | 'copy' | 'handoff';

export interface OperationState {
  /** Each stage of all tasks that had both its marks, also of those that failed later. */
  readonly stages: Readonly<Record<StageName, DistributionState>>;
  /** End to end, of the tasks that succeeded. */
  readonly whole: DistributionState;
  /** End to end, of those that failed. */
  readonly failed: DistributionState;
  /** Sums over the tasks that succeeded and have all marks: they add up to `marked.sum`. */
  readonly shares: Readonly<Record<StageName, number>>;
  /** Count and sum of the tasks that `shares` is about. */
  readonly marked: Readonly<{ count: number; sum: number }>;
  readonly blocks: number;
  readonly bytes: number;
}

export interface LayersState {
  /** What the compute thread waited for a load. */
  readonly waits: Readonly<Record<'first' | 'rest', DistributionState>>;
  /** What the loads took. */
  readonly loads: Readonly<Record<'first' | 'rest', DistributionState>>;
  readonly stalls: Readonly<Record<'first' | 'rest', number>>;
  readonly saveTail: DistributionState;
  /** Batches that ended, and the sum of their overlaps (0 to 1 each) over those that loaded something. */
  readonly batches: number;
  readonly overlapped: Readonly<{ count: number; sum: number }>;
  /** Batches whose end did not come in time, or for which there was no room. */
  readonly orphans: number;
}

export interface IoState {
  readonly calls: DistributionState;
  readonly queue: DistributionState;
  readonly bytes: number;
  readonly errors: number;
}

export interface TierState {
  readonly lookups: number;
  readonly asked: number;
  readonly hits: number;
  readonly stored: number;
  readonly evicted: number;
  readonly accessed: number;
  readonly io: Readonly<Record<IoDirection, IoState>>;
  /** Null while no source has told. */
  readonly resident: number | null;
  readonly limit: number | null;
}

/** What a trace's thread counts, and how late its event loop is; null while it has not told. */
export interface ProducerState {
  readonly pid: number;
  readonly thread: number;
  readonly emitted: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly skipped: number;
  readonly loop: LoopState | null;
}

/** Delay of an event loop. */
export interface LoopState {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Time above the threshold of a hot loop. */
  readonly above: number;
}

/** Totals of the window from the metrics path, by the name of the figure. */
export type MetricTotals = Readonly<Record<string, number>>;

export interface TraceState {
  readonly version: typeof STATE_VERSION;
  /** When it was taken. Epoch ms. */
  readonly time: number;
  readonly window: Readonly<{ name: string; startTime: number; endTime: number | null }>;
  /** The trace has ended. */
  readonly ended: boolean;
  /** Sampling shift now: one of 2^shift events is recorded. */
  readonly shift: number;
  /** Whether any figure is scaled. */
  readonly sampled: boolean;
  /** Events of the window, scaled. */
  readonly events: number;
  /** Bytes that transfers moved towards l0 and away from it. */
  readonly moved: Readonly<Record<TaskOperation, number>>;
  /** Records outside of the window, and records with a time that is none. */
  readonly outside: number;
  readonly malformed: number;
  /** Intervals below 0 that count as 0. */
  readonly negative: number;
  readonly tasks: Readonly<Record<TaskOperation, OperationState>>;
  readonly layers: LayersState;
  readonly tiers: Readonly<Record<Tier, TierState>>;
  readonly producers: readonly ProducerState[];
  /** What the metrics say of the same window, or why they say nothing. */
  readonly totals: Readonly<{ values: MetricTotals } | { missing: string }>;
}
