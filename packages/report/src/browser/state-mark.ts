import type { State } from '../page/report-data.js';
import { element } from './element.js';

/** Not by colour alone. */
const WORDS: Readonly<Record<State, string | undefined>> = {
  good: 'good',
  fair: 'look',
  bad: 'bad',
  plain: undefined,
  unknown: 'unknown',
};

/** How good something is, as a coloured word; nothing where that is no question. */
export function stateMark(state: State): HTMLElement | undefined {
  const word = WORDS[state];
  return word === undefined ? undefined : element('span', { class: `mark ${state}` }, word);
}
