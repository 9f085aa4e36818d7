import type { ViewState } from '@kvscope/trace/viewer';
import { headerLines } from './header.js';
import { layersLines } from './layers-lines.js';
import { lifecycleLines } from './lifecycle.js';
import { type Line, paint } from './line.js';
import { loopsLines } from './loops-lines.js';
import { tiersLines } from './tiers-lines.js';
import { totalsLines } from './totals-lines.js';
import { verdictLines } from './verdict-lines.js';

export interface RenderOptions {
  readonly color: boolean;
}

/**
 * A frame of the live view. A pure function: the same state makes the same frame, and its lines are in the same places
 * whatever the figures are; only more threads make it longer, at its end.
 * @param columns width of the terminal; below 80 some columns are left out
 */
export function render(view: ViewState, columns: number, { color }: RenderOptions): string[] {
  const blank: Line = [];
  const lines = [
    ...headerLines(view),
    blank,
    ...lifecycleLines(view, columns),
    blank,
    ...verdictLines(view, columns),
    blank,
    ...layersLines(view, columns),
    blank,
    ...tiersLines(view, columns),
    blank,
    ...totalsLines(view),
    blank,
    ...loopsLines(view, columns),
  ];
  return lines.map((line) => paint(line, columns, color));
}
