import {
  type DistributionState,
  quantileOf,
  STAGE_TITLES,
  STAGES,
  type StageName,
  type ViewState,
} from '@kvscope/trace/viewer';
import { countCell, msCell, shareCell } from './cells.js';
import { type Column, columnLines, type Row } from './columns.js';
import type { Line, Span } from './line.js';

/** From these shares of end-to-end time on, a stage is warm, and critical. */
const WARN_SHARE = 0.15;
const CRITICAL_SHARE = 0.25;
/** Dispatch is made of several things, and end to end of all: they isolate no cause. */
const ISOLATING: readonly StageName[] = ['queue', 'wait', 'copy', 'handoff'];

const COLUMNS: readonly Column[] = [
  { title: 'TASK LIFECYCLE (ms)', width: 21 },
  { title: 'N', width: 9 },
  { title: 'avg', width: 8, from: 72 },
  { title: 'min', width: 8, from: 80 },
  { title: 'p50', width: 8, from: 60 },
  { title: 'p99', width: 8 },
  { title: 'max', width: 8, from: 64 },
  { title: '% e2e', width: 8 },
];
/** Room for the mark of heat behind the share. */
const MARK_WIDTH = 2;

/** How long each stage of loads and dumps took, and its share of end-to-end time. */
export function lifecycleLines(view: ViewState, width: number): Line[] {
  const rows = (['load', 'dump'] as const).flatMap((operation) => [
    ...STAGES[operation].map((stage) => stageRow(view, operation, stage)),
    wholeRow(view, operation),
    failedRow(view, operation),
  ]);
  return columnLines(COLUMNS, rows, width);
}

type Operation = 'load' | 'dump';

function stageRow({ state }: ViewState, operation: Operation, stage: StageName): Row {
  const name = `${operation} ${STAGE_TITLES[stage]}`;
  const figures = state?.tasks[operation];
  const distribution = figures?.stages[stage];
  if (figures === undefined || distribution === undefined || distribution.count === 0) {
    const ended = (figures?.whole.count ?? 0) + (figures?.failed.count ?? 0) > 0;
    return {
      name,
      cells: [],
      reason: ended ? 'no task had the marks of this stage' : `no ${operation} has ended`,
    };
  }
  const share = figures.marked.sum > 0 ? figures.shares[stage] / figures.marked.sum : Number.NaN;
  return { name, cells: [...cells(distribution, state?.sampled), heat(share, ISOLATING.includes(stage))] };
}

function wholeRow({ state }: ViewState, operation: Operation): Row {
  const name = `${operation} end to end`;
  const whole = state?.tasks[operation].whole;
  if (whole === undefined || whole.count === 0)
    return { name, cells: [], reason: `no ${operation} has succeeded` };
  return { name, cells: [...cells(whole, state?.sampled), heat(1, false)] };
}

function failedRow({ state }: ViewState, operation: Operation): Row {
  const name = `${operation} failed`;
  const failed = state?.tasks[operation].failed;
  if (failed === undefined || failed.count === 0)
    return { name, cells: [], reason: `no ${operation} has failed` };
  return { name, cells: [...cells(failed, state?.sampled), ''] };
}

function cells(distribution: DistributionState, sampled = false): string[] {
  const { count, sum, min, max } = distribution;
  const [p50, p99] = [quantileOf(distribution, 0.5), quantileOf(distribution, 0.99)];
  return [countCell(count, sampled), ...[sum / count, min, p50, p99, max].map(msCell)];
}

function heat(share: number, isolating: boolean): Span {
  const text = shareCell(share).padStart((COLUMNS.at(-1) as Column).width);
  if (!isolating || !(share >= WARN_SHARE)) return { text: text + ' '.repeat(MARK_WIDTH) };
  return share >= CRITICAL_SHARE
    ? { text: `${text}!!`, style: 'critical' }
    : { text: `${text}! `, style: 'warn' };
}
