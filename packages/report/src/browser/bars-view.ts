import type { BarsPanel } from '../page/report-data.js';
import { formatValue } from '../page/units.js';
import { element } from './element.js';
import { scrollable } from './scrollable.js';
import { colourIndexes, SERIES_COLOURS } from './theme.js';
import type { View } from './view.js';

/** Parts narrower than this have no room for their name. */
const NAMED_FROM = 0.14;

/** Wholes as bars on one scale, cut into their parts; the same numbers as a table. */
export function barsView(panel: BarsPanel): View<BarsPanel> {
  const place = element('div', { class: 'bars' });
  const show = (next: BarsPanel): void => place.replaceChildren(drawing(next), table(next));
  show(panel);
  return { element: place, show };
}

const totalOf = ({ parts }: BarsPanel['bars'][number]) => parts.reduce((sum, { value }) => sum + value, 0);

function partNames({ bars }: BarsPanel): readonly string[] {
  return [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))];
}

function drawing(panel: BarsPanel): HTMLElement {
  const most = Math.max(...panel.bars.map(totalOf));
  const colours = colourIndexes(partNames(panel));
  const bars = panel.bars.map((bar) => {
    const parts = bar.parts
      .filter(({ value }) => value > 0)
      .map(({ name, value }) => {
        const share = value / most;
        const part = element(
          'span',
          { class: `part series${(colours.get(name) as number) % SERIES_COLOURS}` },
          share > NAMED_FROM ? name : '',
        );
        part.style.width = `${share * 100}%`;
        part.title = `${name}: ${formatValue(value, panel.unit)}`;
        return part;
      });
    return element(
      'div',
      { class: 'bar' },
      element('span', { class: 'name' }, bar.name),
      element('span', { class: 'track' }, ...parts),
      element('span', { class: 'total' }, formatValue(totalOf(bar), panel.unit)),
    );
  });
  // The table below says the same in words.
  return element('div', { 'aria-hidden': 'true' }, ...bars);
}

function table(panel: BarsPanel): HTMLElement {
  const names = partNames(panel);
  const colours = colourIndexes(names);
  const head = [panel.title, ...panel.bars.map(({ name }) => name)];
  const rows = names.map((name) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element('span', { class: `swatch part series${(colours.get(name) as number) % SERIES_COLOURS}` }),
        name,
      ),
      ...panel.bars.map((bar) => {
        const part = bar.parts.find((candidate) => candidate.name === name);
        const share = part === undefined ? '' : ` (${formatValue(part.value / totalOf(bar), 'percentunit')})`;
        return element('td', {}, part === undefined ? '' : formatValue(part.value, panel.unit) + share);
      }),
    ),
  );
  return scrollable(
    `Numbers: ${panel.title}`,
    element(
      'table',
      { class: 'legend' },
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      element('tbody', {}, ...rows),
    ),
  );
}
