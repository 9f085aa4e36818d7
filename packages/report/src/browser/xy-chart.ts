import uPlot from 'uplot';
import { element } from './element.js';
import { SERIES_COLOURS, type Theme, theme } from './theme.js';

/** One line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly colour: number;
  readonly dash?: readonly number[];
  readonly width?: number;
  /** Share of the colour that the area under it is filled with. */
  readonly fill?: number;
  readonly stepped?: boolean;
  readonly points?: boolean;
  readonly values: readonly (number | null)[];
}

/** A horizontal line that a value is held against. */
export interface ChartBound {
  readonly at: number;
  readonly colour: 'good' | 'fair' | 'bad';
}

export interface ChartContents {
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly bounds?: readonly ChartBound[];
  /** Of the y axis. */
  readonly max?: number;
  readonly signed?: boolean;
}

export interface ChartAxes {
  /** Charts of one key move their cursors together. */
  readonly together?: string;
  /** Whether x is a time in s: marks stand at whole minutes and hours. */
  readonly timed?: boolean;
  /** Values of x that may have a mark on the axis; absent: wherever it is round. */
  readonly marks?: (contents: ChartContents) => readonly number[];
  readonly x: (value: number) => string;
  readonly y: (value: number) => string;
  /** Whether round values of y are powers of 2, as those of bytes are. */
  readonly binary?: boolean;
  /** Called as the cursor moves; null: it left. */
  readonly onCursor: (index: number | null) => void;
}

const FONT = '12px system-ui, sans-serif';
const NARROW = 480;
/** Dashes of lines whose colour another line has as well. */
const ANEW = [10, 3];
/** Between two marks on an axis of time, in s. */
const TIMED = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];
const BINARY = Array.from({ length: 50 }, (_, i) => 2 ** i);

/** A chart that fills the width it is given, redraws itself, and whose cursor arrow keys move. */
export class XyChart {
  readonly element: HTMLDivElement;
  readonly #axes: ChartAxes;
  #contents: ChartContents;
  #plot: uPlot | undefined;
  #shape = '';

  constructor(label: string, contents: ChartContents, axes: ChartAxes) {
    this.#axes = axes;
    this.#contents = contents;
    const how = 'Arrow keys move along it; the table below says what is there.';
    this.element = element('div', {
      class: 'chart',
      tabindex: 0,
      role: 'img',
      'aria-label': `${label}. ${how}`,
    });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('blur', () => this.#moveTo(null));
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  show(contents: ChartContents): void {
    this.#contents = contents;
    if (this.#plot === undefined) return;
    if (shapeOf(contents) !== this.#shape) this.redraw();
    else this.#plot.setData(dataOf(contents));
  }

  redraw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#resize();
  }

  #resize(): void {
    const width = Math.floor(this.element.clientWidth);
    if (width === 0) return;
    const size = { width, height: width < NARROW ? 170 : 200 };
    if (this.#plot !== undefined) {
      if (this.#plot.width !== size.width) this.#plot.setSize(size);
      return;
    }
    this.#shape = shapeOf(this.#contents);
    this.#plot = new uPlot(this.#options(size, theme()), dataOf(this.#contents), this.element);
  }

  #options(size: { width: number; height: number }, colours: Theme): uPlot.Options {
    const { x, y, binary, timed, marks, together, onCursor } = this.#axes;
    const grid = { stroke: colours.grid, width: 1 };
    const axis = { stroke: colours.quiet, font: FONT, grid, ticks: { ...grid, size: 4 } };
    const { bounds = [], lines } = this.#contents;
    return {
      ...size,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, ...(together !== undefined && { sync: { key: together } }) },
      scales: {
        x: { time: false, ...(marks !== undefined && { range: (_, from, to) => [from, to] }) },
        y: { range: (_, low, high) => this.#yRange(low, high) },
      },
      axes: [
        {
          ...axis,
          size: 32,
          space: 70,
          ...(timed === true && { incrs: TIMED }),
          values: (_, splits) => splits.map(x),
          ...(marks !== undefined && { splits: (plot) => fitting(marks(this.#contents), plot.width) }),
        },
        {
          ...axis,
          size: 74,
          values: (_, splits) => splits.map(y),
          ...(binary === true && { incrs: BINARY }),
        },
      ],
      series: [{}, ...lines.map((line) => seriesOf(line, colours))],
      hooks: {
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
        drawClear: [(plot) => drawBounds(plot, bounds, colours)],
      },
    };
  }

  #yRange(low: number | null, high: number | null): [number, number] {
    const { max, signed } = this.#contents;
    const top = max ?? (high === null || high <= 0 ? 1 : high * 1.05);
    return [signed === true && low !== null && low < 0 ? low * 1.05 : 0, top];
  }

  #onKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
    const last = this.#contents.x.length - 1;
    const at = this.#plot?.cursor.idx ?? null;
    let next: number | undefined;
    if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = last;
    else if (event.key in steps) next = at === null ? last : at + (steps[event.key] as number);
    if (next === undefined) return;
    event.preventDefault();
    this.#moveTo(Math.min(last, Math.max(0, next)));
  }

  #moveTo(index: number | null): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    const x = index === null ? undefined : this.#contents.x[index];
    const left = x === undefined ? -10 : plot.valToPos(x, 'x');
    plot.setCursor({ left, top: x === undefined ? -10 : plot.over.clientHeight / 2 });
  }
}

function dataOf({ x, lines }: ChartContents): uPlot.AlignedData {
  return [[...x], ...lines.map(({ values }) => [...values])];
}

/** What cannot change without a new plot. */
function shapeOf({ lines, bounds }: ChartContents): string {
  return JSON.stringify([lines.map(({ values, ...rest }) => rest), bounds]);
}

function seriesOf(line: ChartLine, colours: Theme): uPlot.Series {
  const stroke = colours.series[line.colour % SERIES_COLOURS] as string;
  const dash = line.dash ?? (line.colour < SERIES_COLOURS ? undefined : ANEW);
  return {
    label: line.name,
    stroke,
    width: line.width ?? 1.5,
    points: { show: line.points === true, size: 6 },
    ...(dash && { dash: [...dash] }),
    ...(line.fill !== undefined && { fill: withAlpha(stroke, line.fill) }),
    ...(line.stepped === true && {
      paths: (uPlot.paths.stepped as uPlot.Series.SteppedPathBuilderFactory)({ align: 1 }),
    }),
  };
}

/** @param colour as `#rrggbb` */
function withAlpha(colour: string, share: number): string {
  return `${colour}${Math.round(share * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

function drawBounds(plot: uPlot, bounds: readonly ChartBound[], colours: Theme): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.setLineDash([8, 6]);
  ctx.lineWidth = devicePixelRatio;
  for (const { at, colour } of bounds) {
    const y = plot.valToPos(at, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = colours[colour];
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** As many marks as there is room for. */
function fitting(marks: readonly number[], width: number): number[] {
  const every = Math.max(1, Math.ceil((marks.length * 62) / Math.max(1, width - 90)));
  return marks.filter((_, i) => i % every === 0);
}
