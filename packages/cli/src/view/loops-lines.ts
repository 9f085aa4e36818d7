import { HOT_LOOP_MS, type ProducerState, type ViewState } from '@kvscope/trace/viewer';
import { countCell, msCell } from './cells.js';
import { type Column, columnLines, type Row } from './columns.js';
import { type Line, plain, type Span } from './line.js';

const MAX_SHOWN = 16;

const COLUMNS: readonly Column[] = [
  { title: 'EVENT LOOP (ms)', width: 21 },
  { title: 'p50', width: 8 },
  { title: 'p99', width: 8 },
  { title: 'max', width: 8 },
  { title: `above ${HOT_LOOP_MS}`, width: 9, from: 64 },
  { title: 'emitted', width: 12, from: 80 },
  { title: 'dropped', width: 11, from: 80 },
];

/** How late the event loop of each producing thread is, the latest first, and what became of its records. */
export function loopsLines({ state, connections }: ViewState, width: number): Line[] {
  const producers = [...(state?.producers ?? [])].sort((a, b) => lateness(b) - lateness(a));
  const rows = producers.slice(0, MAX_SHOWN).map(producerRow);
  const none: Row = { name: 'no thread', cells: [], reason: 'has told of its event loop yet' };
  const hidden = producers.length - MAX_SHOWN;
  const more = hidden > 0 ? ` ${hidden} more threads, whose p99 is lower.` : '';
  const sockets = connections === undefined ? '-' : countCell(connections);
  const lines = columnLines(COLUMNS, rows.length > 0 ? rows : [none], width);
  return [...lines, plain(` TCP connections established: ${sockets}.${more}${fleet(producers)}`)];
}

function lateness({ loop }: ProducerState): number {
  return loop?.p99 ?? -1;
}

function producerRow({ pid, thread, loop, emitted, dropped }: ProducerState): Row {
  const name = `${pid} ${thread === 0 ? 'main thread' : `thread ${thread}`}`;
  if (loop === null) return { name, cells: ['-', '-', '-', '-', countCell(emitted), countCell(dropped)] };
  const hot = loop.p99 >= HOT_LOOP_MS;
  const p99: Span = { text: msCell(loop.p99) + (hot ? '!' : ''), ...(hot && { style: 'warn' as const }) };
  return {
    name,
    cells: [
      msCell(loop.p50),
      p99,
      msCell(loop.max),
      msCell(loop.above),
      countCell(emitted),
      countCell(dropped),
    ],
  };
}

function fleet(producers: readonly ProducerState[]): string {
  const p99s = producers.flatMap(({ loop }) => loop?.p99 ?? []).sort((a, b) => a - b);
  if (p99s.length < 2) return '';
  return ` Median of ${p99s.length} p99s: ${msCell(p99s[Math.floor((p99s.length - 1) / 2)] as number)}`;
}
