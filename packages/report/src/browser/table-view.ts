import type { TablePanel } from '../page/report-data.js';
import { formatValue } from '../page/units.js';
import { element } from './element.js';
import { scrollable } from './scrollable.js';
import { stateMark } from './state-mark.js';
import type { View } from './view.js';

export function tableView(panel: TablePanel): View<TablePanel> {
  const place = scrollable(panel.title);
  const show = (next: TablePanel): void => place.replaceChildren(tableOf(next));
  show(panel);
  return { element: place, show };
}

function tableOf({ columns, rows }: TablePanel): HTMLTableElement {
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element('tr', {}, ...columns.map(({ title }) => element('th', { scope: 'col' }, title))),
    ),
    element(
      'tbody',
      {},
      ...rows.map(({ name, state, cells }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, stateMark(state), name),
          ...cells.map((cell, i) =>
            element(
              'td',
              {},
              typeof cell === 'string' ? cell : formatValue(cell, columns[i + 1]?.unit ?? 'short'),
            ),
          ),
        ),
      ),
    ),
  );
}
