import type { ReportFigure, ReportPanel, ReportSection, ReportTime } from '../page/report-data.js';
import { formatValue } from '../page/units.js';
import { element } from './element.js';
import { panelView, type TimedPanel } from './panel-view.js';
import { stateMark } from './state-mark.js';
import type { View } from './view.js';

export type TimedSection = readonly [ReportSection, ReportTime];

/** A question with its answer, its figures and its panels. */
export function sectionView(first: TimedSection): View<TimedSection> {
  const [{ id, question }] = first;
  const verdict = element('p', { class: 'verdict' });
  const figures = element('dl', { class: 'figures' });
  const grid = element('div', { class: 'panels' });
  const absent = element('p', { class: 'quiet' });
  const panels = new Map<string, View<TimedPanel>>();
  const show = ([section, time]: TimedSection): void => {
    const mark = stateMark(section.verdict.state);
    verdict.replaceChildren(...(mark ? [mark] : []), unbroken(section.verdict.text));
    figures.replaceChildren(...section.figures.map(figureView));
    figures.hidden = section.figures.length === 0;
    showPanels(section.panels, time);
    absent.textContent = [
      ...(section.quiet.length > 0 ? [`All 0: ${section.quiet.join(', ')}.`] : []),
      ...(section.absent.length > 0 ? [`Nothing was measured for: ${section.absent.join(', ')}.`] : []),
    ].join(' ');
  };
  const showPanels = (shown: readonly ReportPanel[], time: ReportTime): void => {
    const ids = new Set(shown.map((panel) => panel.id));
    for (const [known, view] of panels) {
      if (ids.has(known)) continue;
      view.element.remove();
      panels.delete(known);
    }
    let before: Element | undefined;
    for (const panel of shown) {
      let view = panels.get(panel.id);
      if (view === undefined) {
        view = panelView([panel, time]);
        panels.set(panel.id, view);
        if (before === undefined) grid.prepend(view.element);
        else before.after(view.element);
      } else view.show([panel, time]);
      before = view.element;
    }
  };
  show(first);
  return {
    element: element(
      'section',
      { id, 'aria-labelledby': `${id}-question` },
      element('h2', { id: `${id}-question` }, question),
      verdict,
      figures,
      grid,
      absent,
    ),
    show,
    redraw() {
      for (const view of panels.values()) view.redraw?.();
    },
  };
}

function figureView({ label, value, unit, state }: ReportFigure): HTMLElement {
  return element(
    'div',
    { class: `figure ${state}` },
    element('dt', {}, label),
    element('dd', {}, formatValue(value, unit)),
  );
}

/** No line ends between a number and its unit. */
function unbroken(text: string): string {
  return text.replaceAll(/(\d) (?=(?:%|[um]?s|min|h|[KMGT]?i?B)(?![a-z]))/g, '$1\u00a0');
}
