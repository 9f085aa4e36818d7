import type { SpreadPanel } from '../page/report-data.js';
import { formatBucket, formatValue } from '../page/units.js';
import { element } from './element.js';
import { Legend } from './legend.js';
import { NumbersBehind } from './numbers.js';
import { scrollable } from './scrollable.js';
import type { View } from './view.js';
import { type ChartContents, XyChart } from './xy-chart.js';

/** Histograms on one axis, each bucket as wide as the next; the shares of a histogram add up to 1. */
export function spreadView(panel: SpreadPanel): View<SpreadPanel> {
  let shown = panel;
  const legend = new Legend(panel.title, ['median', 'most in']);
  const bucket = (index: number) =>
    formatBucket(
      index === 0 ? shown.below : (shown.bounds[index - 1] ?? null),
      shown.bounds[index] ?? null,
      shown.unit,
    );
  const chart = new XyChart(panel.title, contentsOf(panel), {
    // A mark stands at the end of its bucket; a last one without a bound has no end.
    marks: ({ x }) => x.filter((at) => typeof shown.bounds[at - 1] === 'number'),
    x: (at) => formatValue(shown.bounds[at - 1], shown.unit),
    y: (value) => formatValue(value, 'percentunit'),
    onCursor(index) {
      const at = index === null ? null : Math.min(index, shown.bounds.length - 1);
      legend.point(at, at === null ? '' : bucket(at));
    },
  });
  const numbers = new NumbersBehind(panel.title, () => ({
    head: ['bucket', ...shown.spreads.map(({ name }) => name)],
    rows: shown.bounds.map((_, i) => [
      bucket(i),
      ...shown.spreads.map(({ shares }) => formatValue(shares[i], 'percentunit')),
    ]),
  }));
  const tell = (): void => {
    legend.show(
      shown.spreads.map(({ name, shares }, i) => ({
        name,
        colour: i,
        style: i === 0 ? 'average' : 'plain',
        cells: [bucket(medianOf(shares)), bucket(shares.indexOf(Math.max(...shares)))],
        at: (index) => formatValue(shares[index], 'percentunit'),
      })),
    );
    numbers.refresh();
  };
  tell();
  return {
    element: element(
      'div',
      {},
      chart.element,
      scrollable(`Legend: ${panel.title}`, legend.element),
      numbers.element,
    ),
    show(next) {
      shown = next;
      chart.show(contentsOf(next));
      tell();
    },
    redraw: () => chart.redraw(),
  };
}

/** The last bucket needs an end to be drawn to. */
function contentsOf({ bounds, spreads }: SpreadPanel): ChartContents {
  return {
    x: Array.from({ length: bounds.length + 1 }, (_, i) => i),
    lines: spreads.map(({ name, shares }, i) => ({
      name,
      colour: i,
      stepped: true,
      width: 2,
      fill: 0.15,
      values: [...shares, shares.at(-1) ?? null],
    })),
  };
}

function medianOf(shares: readonly number[]): number {
  let upTo = 0;
  for (const [i, share] of shares.entries()) {
    upTo += share;
    if (upTo >= 0.5) return i;
  }
  return Math.max(0, shares.length - 1);
}
