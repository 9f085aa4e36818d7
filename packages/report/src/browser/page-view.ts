import type { ReportData } from '../page/report-data.js';
import { element } from './element.js';
import { findingsView } from './findings-view.js';
import { sectionView, type TimedSection } from './section-view.js';
import { stateMark } from './state-mark.js';
import { formatMoment, formatSpan } from './times.js';
import type { View } from './view.js';

/** The whole page. Sections stay in their places; findings come and go. */
export function pageView(data: ReportData): View<ReportData> {
  const head = element('header');
  const answers = element('ul', { class: 'answers' });
  const findings = element('div');
  const sections = new Map<string, View<TimedSection>>();
  const body = element('main', { id: 'main', tabindex: -1 }, findings);
  const show = (next: ReportData): void => {
    const { title, subject, time } = next;
    head.replaceChildren(
      element('h1', {}, title),
      element('p', { class: 'subject' }, subject),
      element('p', { class: 'quiet' }, `${formatSpan(time)}. ${time.note}`),
    );
    answers.replaceChildren(
      ...next.sections.map(({ id, question, verdict }) =>
        element('li', {}, element('a', { href: `#${id}` }, question), stateMark(verdict.state)),
      ),
    );
    const found = findingsView(next.findings);
    findings.replaceChildren(...(found ? [found] : []));
    for (const section of next.sections) {
      const known = sections.get(section.id);
      if (known !== undefined) {
        known.show([section, time]);
        continue;
      }
      const made = sectionView([section, time]);
      sections.set(section.id, made);
      body.append(made.element);
    }
  };
  show(data);
  return {
    element: element(
      'div',
      { class: 'page' },
      element('a', { class: 'skip', href: '#main' }, 'To the answers'),
      head,
      element('nav', { 'aria-label': 'Questions' }, answers),
      body,
      element('footer', { class: 'quiet' }, `Made by kvscope, ${made(data)}`),
    ),
    show,
    redraw() {
      for (const view of sections.values()) view.redraw?.();
    },
  };
}

function made({ generatedAt, time }: ReportData): string {
  const day = new Date(generatedAt * 1000).toLocaleDateString('en-GB', { dateStyle: 'long' });
  return `${day}, ${formatMoment(generatedAt, { ...time, kind: 'clock', from: generatedAt, to: generatedAt })}.`;
}
