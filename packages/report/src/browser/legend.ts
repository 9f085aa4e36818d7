import { element } from './element.js';
import { SERIES_COLOURS } from './theme.js';

/** One line of a chart in the table below it. */
export interface LegendRow {
  readonly name: string;
  readonly colour: number;
  readonly style: string;
  /** As they stand in the columns. */
  readonly cells: readonly string[];
  /** At an index of the chart. */
  readonly at: (index: number) => string;
}

/** The table below a chart: what its lines are, their figures, and where the cursor is. */
export class Legend {
  readonly element = element('table', { class: 'legend' });
  readonly #columns: readonly string[];
  #rows: readonly LegendRow[] = [];
  #at: HTMLElement[] = [];
  readonly #head: HTMLTableCellElement;
  #pointed: readonly [index: number | null, where: string] = [null, ''];

  constructor(title: string, columns: readonly string[]) {
    this.#columns = columns;
    this.element.append(element('caption', { class: 'unseen' }, title));
    this.#head = element('th', { scope: 'col', class: 'at' }, 'at the cursor');
  }

  show(rows: readonly LegendRow[]): void {
    this.#rows = rows;
    const columns = this.#columns.map((text) => element('th', { scope: 'col' }, text));
    this.#at = rows.map(() => element('td', { class: 'at' }, ''));
    const lines = rows.map(({ name, colour, style, cells }, i) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, element('span', { class: swatchOf(colour, style) }), name),
        ...cells.map((text) => element('td', {}, text)),
        this.#at[i],
      ),
    );
    const caption = this.element.caption as HTMLTableCaptionElement;
    this.element.replaceChildren(
      caption,
      element(
        'thead',
        {},
        element('tr', {}, element('th', { scope: 'col' }, 'line'), ...columns, this.#head),
      ),
      element('tbody', {}, ...lines),
    );
    this.point(...this.#pointed);
  }

  /** @param index of the chart; null: the cursor is nowhere */
  point(index: number | null, where: string): void {
    this.#pointed = [index, where];
    this.#head.textContent = index === null ? 'at the cursor' : where;
    for (const [i, row] of this.#rows.entries()) {
      (this.#at[i] as HTMLElement).textContent = index === null ? '' : row.at(index);
    }
  }
}

function swatchOf(colour: number, style: string): string {
  const anew = colour >= SERIES_COLOURS && style === 'plain';
  return `swatch series${colour % SERIES_COLOURS} ${anew ? 'p90' : style}`;
}
