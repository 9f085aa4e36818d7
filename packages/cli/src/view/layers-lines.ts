import { type DistributionState, quantileOf, type ViewState } from '@kvscope/trace/viewer';
import { countCell, msCell, shareCell } from './cells.js';
import { type Column, columnLines, type Row } from './columns.js';
import { type Line, plain } from './line.js';

const COLUMNS: readonly Column[] = [
  { title: 'LAYERS (ms)', width: 21 },
  { title: 'N', width: 9 },
  { title: 'avg', width: 8, from: 72 },
  { title: 'p50', width: 8, from: 60 },
  { title: 'p99', width: 8 },
  { title: 'max', width: 8, from: 64 },
  { title: 'overlap', width: 9 },
  { title: 'stalls', width: 7, from: 80 },
];

/** What compute waited for, and how much of the loading it hid. */
export function layersLines({ state }: ViewState, width: number): Line[] {
  const layers = state?.layers;
  const waits = (name: string, position: 'first' | 'rest'): Row => {
    const waited = layers?.waits[position];
    const loaded = layers?.loads[position];
    if (waited === undefined || loaded === undefined || waited.count === 0) {
      return { name, cells: [], reason: 'nothing has waited for a layer' };
    }
    const overlap = Math.min(1, Math.max(0, 1 - waited.sum / loaded.sum));
    const stalls = countCell(layers?.stalls[position] ?? 0, state?.sampled);
    return { name, cells: [...cells(waited, state?.sampled), shareCell(overlap), stalls] };
  };
  const tail = layers?.saveTail;
  const saveTail: Row =
    tail === undefined || tail.count === 0
      ? { name: 'save tail of a batch', cells: [], reason: 'no batch has saved' }
      : { name: 'save tail of a batch', cells: [...cells(tail, state?.sampled), '', ''] };
  const rows = [waits('first layer, wait', 'first'), waits('other layers, wait', 'rest'), saveTail];
  return [...columnLines(COLUMNS, rows, width), plain(batches(state))];
}

function batches(state: ViewState['state']): string {
  const { batches = 0, overlapped = { count: 0, sum: 0 } } = state?.layers ?? {};
  if (batches === 0) return ' no batch has ended';
  const overlap = shareCell(overlapped.sum / overlapped.count);
  return ` ${countCell(batches, state?.sampled)} batches, each hid ${overlap} of its loading on average`;
}

function cells(distribution: DistributionState, sampled = false): string[] {
  const { count, sum, max } = distribution;
  const [p50, p99] = [quantileOf(distribution, 0.5), quantileOf(distribution, 0.99)];
  return [countCell(count, sampled), ...[sum / count, p50, p99, max].map(msCell)];
}
