import type { CurvePanel } from '../page/report-data.js';
import { formatValue } from '../page/units.js';
import { element } from './element.js';
import { Legend } from './legend.js';
import { scrollable } from './scrollable.js';
import { colourIndexes } from './theme.js';
import type { View } from './view.js';
import { type ChartContents, XyChart } from './xy-chart.js';

/** What other capacities would have hit. Each step to the right doubles the capacity. */
export function curveView(panel: CurvePanel): View<CurvePanel> {
  let shown = panel;
  const scale = (value: number) => `${value} ×`;
  const legend = new Legend(panel.title, panel.scales.map(scale));
  const chart = new XyChart(panel.title, contentsOf(panel), {
    marks: ({ x }) => x,
    x: (power) => scale(2 ** power),
    y: (value) => formatValue(value, shown.unit),
    onCursor: (index) => legend.point(index, index === null ? '' : scale(shown.scales[index] as number)),
  });
  const tell = (): void => {
    const colours = colourIndexes(shown.lines.map(({ name }) => name));
    legend.show(
      shown.lines.map(({ name, values }) => ({
        name,
        colour: colours.get(name) as number,
        style: 'plain',
        cells: values.map((value) => formatValue(value, shown.unit)),
        at: (index) => formatValue(values[index], shown.unit),
      })),
    );
  };
  tell();
  return {
    element: element('div', {}, chart.element, scrollable(`Legend: ${panel.title}`, legend.element)),
    show(next) {
      shown = next;
      chart.show(contentsOf(next));
      tell();
    },
    redraw: () => chart.redraw(),
  };
}

function contentsOf({ scales, lines }: CurvePanel): ChartContents {
  const colours = colourIndexes(lines.map(({ name }) => name));
  return {
    x: scales.map(Math.log2),
    max: 1,
    lines: lines.map(({ name, values }) => ({
      name,
      values,
      colour: colours.get(name) as number,
      points: true,
      width: 2,
    })),
  };
}
