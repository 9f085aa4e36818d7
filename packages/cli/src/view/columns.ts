import type { Line, Span } from './line.js';

export interface Column {
  readonly title: string;
  readonly width: number;
  /** The narrowest view that still has it; without it, each has. */
  readonly from?: number;
}

/** A row of cells, the first to the left, the others to the right; or a name and why there are no figures. */
export interface Row {
  readonly name: string;
  readonly cells: readonly (string | Span)[];
  /** In place of the cells. */
  readonly reason?: string;
}

/** The lines of a table whose geometry depends on the width alone. */
export function columnLines(columns: readonly Column[], rows: readonly Row[], width: number): Line[] {
  const shown = columns.map(({ from = 0 }) => width >= from);
  const [first] = columns as [Column];
  const head: Line = [
    { text: first.title.padEnd(first.width), style: 'title' },
    {
      text: columns
        .slice(1)
        .filter((_, i) => shown[i + 1])
        .map(({ title, width }) => title.padStart(width))
        .join(''),
      style: 'dim',
    },
  ];
  const lines = rows.map(({ name, cells, reason }): Line => {
    const label = { text: ` ${name}`.padEnd(first.width) };
    if (reason !== undefined) return [label, { text: `  ${reason}`, style: 'dim' }];
    const spans = cells.map((cell, i): Span => {
      const column = columns[i + 1] as Column;
      const { text, style } = typeof cell === 'string' ? { text: cell, style: undefined } : cell;
      return { text: text.padStart(column.width), ...(style && { style }) };
    });
    return [label, ...spans.filter((_, i) => shown[i + 1])];
  });
  return [head, ...lines];
}
