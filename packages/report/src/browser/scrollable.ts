import { element } from './element.js';

/** A place whose contents may be wider or higher than it: the keyboard reaches it, so that arrow keys scroll it. */
export function scrollable(label: string, ...children: readonly Node[]): HTMLDivElement {
  return element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label }, ...children);
}
