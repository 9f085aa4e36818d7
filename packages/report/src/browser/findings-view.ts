import type { ReportFinding } from '../page/report-data.js';
import { element } from './element.js';
import { stateMark } from './state-mark.js';

/** What the diagnosis found; nothing where there was none. */
export function findingsView(findings: readonly ReportFinding[] | null): HTMLElement | undefined {
  if (findings === null) return undefined;
  const found =
    findings.length === 0
      ? [element('p', { class: 'verdict' }, 'No known bottleneck has its signature here.')]
      : findings.map(findingView);
  return element(
    'section',
    { id: 'findings', 'aria-labelledby': 'findings-title' },
    element('h2', { id: 'findings-title' }, 'What stands in the way?'),
    ...found,
  );
}

function findingView({ state, title, text, evidence, changes }: ReportFinding): HTMLElement {
  const list = (name: 'ul' | 'ol', items: readonly string[]) =>
    items.length === 0 ? undefined : element(name, {}, ...items.map((item) => element('li', {}, item)));
  return element(
    'article',
    { class: 'finding' },
    element('h3', {}, stateMark(state), title),
    element('p', {}, text),
    list('ul', evidence),
    changes.length > 0 ? element('p', { class: 'quiet' }, 'What to change, in this order:') : undefined,
    list('ol', changes),
  );
}
