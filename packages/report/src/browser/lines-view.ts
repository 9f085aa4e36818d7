import type { LineStyle, Thresholds } from '@kvscope/dashboards';
import type { LinesPanel, ReportLine, ReportTime } from '../page/report-data.js';
import { formatTick, formatValue } from '../page/units.js';
import { element } from './element.js';
import { Legend } from './legend.js';
import { NumbersBehind } from './numbers.js';
import { scrollable } from './scrollable.js';
import { colourIndexes } from './theme.js';
import { formatMoment } from './times.js';
import type { View } from './view.js';
import { type ChartBound, type ChartContents, type ChartLine, XyChart } from './xy-chart.js';

/** As the dashboards draw them. */
const STYLES: Readonly<Record<LineStyle, Pick<ChartLine, 'dash' | 'width' | 'fill'>>> = {
  plain: {},
  average: { fill: 0.08 },
  p50: {},
  p90: { dash: [10, 6] },
  p95: { dash: [6, 3] },
  p99: { dash: [4, 4], width: 2.5 },
  limit: { dash: [2, 6], width: 2.5 },
};

export function linesView(panel: LinesPanel, time: ReportTime): View<readonly [LinesPanel, ReportTime]> {
  let [shown, span] = [panel, time];
  const legend = new Legend(panel.title, ['last', 'highest']);
  const chart = new XyChart(panel.title, contentsOf(panel, span), {
    together: 'time',
    timed: true,
    x: (at) => formatMoment(at + beginOf(span), span),
    y: (value) => formatTick(value, shown.unit),
    binary: panel.unit === 'bytes' || panel.unit === 'binBps',
    onCursor(index) {
      const at = index === null ? undefined : shown.times[index];
      legend.point(index, at === undefined ? '' : formatMoment(at, span));
    },
  });
  const numbers = new NumbersBehind(panel.title, () => ({
    head: ['time', ...shown.lines.map(({ name }) => name)],
    rows: shown.times.map((at, i) => [
      formatMoment(at, span),
      ...shown.lines.map(({ values }) => formatValue(values[i], shown.unit)),
    ]),
  }));
  const more = element('p', { class: 'quiet' });
  const tell = (): void => {
    const colours = coloursOf(shown.lines);
    legend.show(
      shown.lines.map(({ name, style, values }, i) => ({
        name,
        style,
        colour: colours[i] as number,
        cells: [formatValue(last(values), shown.unit), formatValue(highest(values), shown.unit)],
        at: (index) => formatValue(values[index], shown.unit),
      })),
    );
    more.textContent = shown.leftOut > 0 ? `${shown.leftOut} more lines, all lower, are left out.` : '';
    numbers.refresh();
  };
  tell();
  return {
    element: element(
      'div',
      {},
      chart.element,
      scrollable(`Legend: ${panel.title}`, legend.element),
      more,
      numbers.element,
    ),
    show([next, nextSpan]) {
      [shown, span] = [next, nextSpan];
      chart.show(contentsOf(next, nextSpan));
      tell();
    },
    redraw: () => chart.redraw(),
  };
}

/** Times of a trace are counted from its beginning, so that round ones are marked. */
function beginOf({ kind, from }: ReportTime): number {
  return kind === 'trace' ? from : 0;
}

function contentsOf({ times, lines, thresholds, max, signed }: LinesPanel, span: ReportTime): ChartContents {
  const colours = coloursOf(lines);
  return {
    x: times.map((at) => at - beginOf(span)),
    lines: lines.map(({ name, style, values }, i) => ({
      name,
      values,
      colour: colours[i] as number,
      ...STYLES[style],
    })),
    ...(thresholds && { bounds: boundsOf(thresholds) }),
    ...(max !== undefined && { max }),
    ...(signed !== undefined && { signed }),
  };
}

/** One colour for each group; lines that have no group to themselves are told apart by their own names. */
function coloursOf(lines: readonly ReportLine[]): readonly number[] {
  const groups = new Set(lines.map(({ group }) => group));
  const key = (line: ReportLine) => (groups.size > 1 ? line.group : line.name);
  const indexes = colourIndexes(lines.map(key));
  return lines.map((line) => indexes.get(key(line)) as number);
}

const STATE_OF_COLOUR: Readonly<Record<string, ChartBound['colour']>> = {
  green: 'good',
  yellow: 'fair',
  red: 'bad',
};

/** Each bound in the colour of the worse side. */
function boundsOf({ base, steps }: Thresholds): readonly ChartBound[] {
  const order = ['good', 'fair', 'bad'] as const;
  const state = (colour: string) => STATE_OF_COLOUR[colour] ?? 'fair';
  return steps.map(([at, colour], i) => {
    const [below, above] = [state(i === 0 ? base : (steps[i - 1]?.[1] ?? base)), state(colour)];
    return { at, colour: order.indexOf(below) > order.indexOf(above) ? below : above };
  });
}

function last(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function highest(values: readonly (number | null)[]): number | null {
  const found = values.filter((value) => value !== null);
  return found.length === 0 ? null : found.reduce((most, value) => Math.max(most, value));
}
