import { element } from './element.js';
import { scrollable } from './scrollable.js';

export interface Numbers {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The numbers behind a chart, for whoever cannot see it: filled when it is opened. */
export class NumbersBehind {
  readonly element = element('details', { class: 'numbers' }, element('summary', {}, 'Numbers'));
  readonly #place: HTMLElement;
  readonly #read: () => Numbers;

  constructor(title: string, read: () => Numbers) {
    this.#read = read;
    this.#place = scrollable(`Numbers: ${title}`);
    this.element.append(this.#place);
    this.element.addEventListener('toggle', () => this.refresh());
  }

  refresh(): void {
    if (this.element.open) this.#place.replaceChildren(numbersTable(this.#read()));
    else this.#place.replaceChildren();
  }
}

/** The first cell of a row names it. */
export function numbersTable({ head, rows }: Numbers): HTMLTableElement {
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...rows.map(([name = '', ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          ...cells.map((cell) => element('td', {}, cell)),
        ),
      ),
    ),
  );
}
