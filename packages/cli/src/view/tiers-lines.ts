import { TIERS, type Tier } from '@kvscope/core';
import { formatBytes } from '@kvscope/report/figures';
import { addDistributions, quantileOf, type ViewState } from '@kvscope/trace/viewer';
import { countCell, msCell, shareCell } from './cells.js';
import { type Column, columnLines, type Row } from './columns.js';
import type { Line } from './line.js';

const COLUMNS: readonly Column[] = [
  { title: 'TIERS', width: 6 },
  { title: 'lookups', width: 9 },
  { title: 'hits', width: 8 },
  { title: 'resident', width: 9 },
  { title: 'stores/s', width: 9 },
  { title: 'evict/s', width: 8 },
  { title: 'io p50', width: 8, from: 72 },
  { title: 'io p99', width: 8, from: 72 },
  { title: 'io bytes/s', width: 13, from: 80 },
];

export function tiersLines(view: ViewState, width: number): Line[] {
  return columnLines(
    COLUMNS,
    TIERS.map((tier) => tierRow(view, tier)),
    width,
  );
}

function tierRow({ state, rates }: ViewState, tier: Tier): Row {
  const figures = state?.tiers[tier];
  if (figures === undefined) return { name: tier, cells: [], reason: 'nothing is known of it yet' };
  const { lookups, asked, hits, resident, io } = figures;
  const calls = addDistributions(io.read.calls, io.write.calls);
  const rate = rates?.tiers[tier];
  const per = (value: number | undefined) => (value === undefined ? '-' : countCell(value));
  const moved = rate && rate.read + rate.written;
  return {
    name: tier,
    cells: [
      countCell(lookups, state?.sampled),
      shareCell(hits / asked),
      resident === null ? '-' : countCell(resident),
      per(rate?.stored),
      per(rate?.evicted),
      msCell(quantileOf(calls, 0.5)),
      msCell(quantileOf(calls, 0.99)),
      calls.count === 0 || moved === undefined ? '-' : `${formatBytes(moved)}/s`,
    ],
  };
}
