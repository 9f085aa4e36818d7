import type { HeatPanel, ReportTime } from '../page/report-data.js';
import { formatBucket, formatValue } from '../page/units.js';
import { element } from './element.js';
import { NumbersBehind } from './numbers.js';
import { theme } from './theme.js';
import { formatMoment } from './times.js';
import type { View } from './view.js';

const LEFT = 74;
const BOTTOM = 24;
const ROW = 14;
const FONT = '12px system-ui, sans-serif';

/** Which cell of a heat map something speaks of. */
interface Cell {
  readonly column: number;
  readonly row: number;
}

/** Time from left to right, buckets from bottom to top, and the darker a cell the more observations fell into it. */
export function heatView(panel: HeatPanel, time: ReportTime): View<readonly [HeatPanel, ReportTime]> {
  let [shown, span] = [panel, time];
  let cell: Cell | undefined;
  const canvas = element('canvas', {});
  const place = element(
    'div',
    {
      class: 'chart heat',
      tabindex: 0,
      role: 'img',
      'aria-label': `${panel.title}, a heat map. Arrow keys move over its cells; the line below says what is there.`,
    },
    canvas,
  );
  const told = element('p', { class: 'quiet cell', 'aria-live': 'polite' });
  const numbers = new NumbersBehind(panel.title, () => ({
    head: ['time', ...shown.bounds.map((_, row) => bucketOf(shown, row))],
    rows: shown.times.map((at, column) => [
      formatMoment(at, span),
      ...shown.rows.map((row) => formatValue(row[column], 'suffix:/s')),
    ]),
  }));
  const draw = (): void => {
    drawHeat(canvas, place.clientWidth, shown, span, cell);
    told.textContent = cell === undefined ? peakOf(shown, span) : textOf(shown, span, cell);
  };
  const pointAt = (next: Cell | undefined): void => {
    cell = next;
    draw();
  };
  const size = () => ({ columns: shown.times.length, rows: shown.bounds.length });
  canvas.addEventListener('pointermove', (event) => {
    const { columns, rows } = size();
    const column = Math.floor(((event.offsetX - LEFT) / (canvas.clientWidth - LEFT)) * columns);
    const row = rows - 1 - Math.floor(event.offsetY / ROW);
    const inside = column >= 0 && column < columns && row >= 0 && row < rows;
    pointAt(inside ? { column, row } : undefined);
  });
  canvas.addEventListener('pointerleave', () => pointAt(undefined));
  place.addEventListener('blur', () => pointAt(undefined));
  place.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const { columns, rows } = size();
    const from = cell ?? { column: columns - 1 - move[0], row: Math.floor(rows / 2) - move[1] };
    const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    pointAt({ column: within(from.column + move[0], columns), row: within(from.row + move[1], rows) });
  });
  new ResizeObserver(draw).observe(place);
  return {
    element: element('div', {}, place, told, numbers.element),
    show([next, nextSpan]) {
      [shown, span] = [next, nextSpan];
      if (cell !== undefined && (cell.column >= next.times.length || cell.row >= next.bounds.length))
        cell = undefined;
      draw();
      numbers.refresh();
    },
    redraw: draw,
  };
}

function drawHeat(
  canvas: HTMLCanvasElement,
  width: number,
  panel: HeatPanel,
  span: ReportTime,
  cell?: Cell,
): void {
  if (width === 0) return;
  const { times, rows, bounds } = panel;
  const height = bounds.length * ROW + BOTTOM;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const colours = theme();
  context.scale(scale, scale);
  context.font = FONT;
  const columnWidth = (width - LEFT) / times.length;
  const top = (row: number) => (bounds.length - 1 - row) * ROW;
  const most = highest(rows);
  for (const [row, values] of rows.entries()) {
    for (const [column, value] of values.entries()) {
      if (value === null || value <= 0) continue;
      context.fillStyle = colours.heat[heatOf(value / most, colours.heat.length)] as string;
      const left = Math.floor(LEFT + column * columnWidth);
      context.fillRect(left, top(row), Math.ceil(LEFT + (column + 1) * columnWidth) - left, ROW - 1);
    }
  }
  context.fillStyle = colours.quiet;
  context.strokeStyle = colours.grid;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const [row, bound] of bounds.entries()) {
    // Every third bound, since boundaries go 1, 2, 5.
    if (bound === null || row % 3 !== 0) continue;
    context.fillText(formatValue(bound, panel.unit), LEFT - 8, Math.max(6, top(row)));
    context.beginPath();
    context.moveTo(LEFT - 5, top(row) - 0.5);
    context.lineTo(LEFT, top(row) - 0.5);
    context.stroke();
  }
  context.textBaseline = 'bottom';
  const marks = Math.max(1, Math.floor((width - LEFT) / 110));
  for (let i = 0; i <= marks; i++) {
    const column = Math.round((i / marks) * (times.length - 1));
    context.textAlign = i === 0 ? 'left' : i === marks ? 'right' : 'center';
    const at = LEFT + (i / marks) * (width - LEFT);
    context.fillText(formatMoment(times[column] as number, span), at, height - 2);
  }
  if (cell !== undefined) {
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.strokeRect(LEFT + cell.column * columnWidth, top(cell.row), Math.max(3, columnWidth), ROW - 1);
  }
}

/** Few beside many are seen: the colour goes with the root of the share. */
function heatOf(share: number, colours: number): number {
  return Math.min(colours - 1, Math.floor(Math.sqrt(share) * colours));
}

function highest(rows: HeatPanel['rows']): number {
  return rows.reduce((most, row) => row.reduce<number>((all, value) => Math.max(all, value ?? 0), most), 0);
}

function bucketOf({ bounds, below, unit }: HeatPanel, row: number): string {
  return formatBucket(row === 0 ? below : (bounds[row - 1] ?? null), bounds[row] ?? null, unit);
}

function textOf(panel: HeatPanel, span: ReportTime, { column, row }: Cell): string {
  const rate = formatValue(panel.rows[row]?.[column] ?? 0, 'suffix:/s');
  return `${formatMoment(panel.times[column] as number, span)}, ${bucketOf(panel, row)}: ${rate}`;
}

function peakOf(panel: HeatPanel, span: ReportTime): string {
  const most = highest(panel.rows);
  const row = panel.rows.findIndex((values) => values.includes(most));
  const column = panel.rows[row]?.indexOf(most) ?? -1;
  return column < 0 ? '' : `Most at ${textOf(panel, span, { column, row })}`;
}
