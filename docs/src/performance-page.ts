import { REGISTRY } from '@kvscope/core';
import {
  type Condition,
  conditionPromql,
  createCatalog,
  type Finding,
  PLAYBOOKS,
  type Playbook,
  recipeScope,
} from '@kvscope/dashboards';
import { generatedPage, type Page } from './page.js';
import { DUMP_PATH, LOAD_PATH } from './performance/paths.js';
import { LAYERWISE_OR_NOT, LIMITS, RANKING, TUNABLE_INDEX } from './performance/readings.js';

const INTRODUCTION = `Where a tiered cache loses time, how that shows, and what to do about it. Metrics are named without their \`kv_cache.\`;
[METRICS.md](METRICS.md) has each of them, [dashboards.md](dashboards.md) the dashboards that draw them.

Each playbook has a signature: figures that are out of bounds together. Its query is in the names of a scrape, over the last five
minutes; it answers with what meets it, and with nothing when all is well.

\`kvscope diagnose\` evaluates all of them and prints those that match, the most likely first, with their figures, causes and changes, and
what it could not judge for lack of data:

\`\`\`sh
kvscope diagnose --prometheus http://127.0.0.1:9090 --from 1h
kvscope diagnose --metrics http://127.0.0.1:9464/metrics --for 60
kvscope demo --sick io --diagnose
\`\`\`

The last one makes storage slow on purpose; \`kvscope demo --help\` has a sickness for each playbook. A playbook that another one explains
comes after it, and of those alike the one whose figures are further past their bounds comes first.`;

const NEEDS: Readonly<Record<NonNullable<Playbook['needs']>, string>> = {
  accesses: "a source that publishes reads; engines' streams do not carry them",
  layerwise: 'events of layers and batches',
  lookups: "a source that publishes lookups; engines' streams do not carry them",
};

const scope = recipeScope(createCatalog(REGISTRY, 'prometheus'));

/** performance.md: the playbooks, and how to get to the right one. */
export function performancePage(): Page {
  return generatedPage(
    'performance.md',
    'Performance: what is the bottleneck?',
    'packages/dashboards/src/playbooks and docs/src/performance',
    [
      INTRODUCTION,
      RANKING,
      LOAD_PATH,
      DUMP_PATH,
      LAYERWISE_OR_NOT,
      ...PLAYBOOKS.flatMap((playbook, i) => playbookSection(playbook, i + 1)),
      LIMITS,
      TUNABLE_INDEX,
    ],
  );
}

function playbookSection(playbook: Playbook, number: number): readonly string[] {
  const { title, symptom, needs, observed, signature, explainedBy = [] } = playbook;
  const { findings, causes, changes, worked, dashboard } = playbook;
  return [
    `## ${number}. ${title}`,
    `**What you see.** ${symptom} Dashboard: ${dashboard}.${needs ? ` Needs ${NEEDS[needs]}.` : ''}`,
    `**Signature.** ${sentence(signature.map(conditionText).join(', and '))}.`,
    promql(signature),
    `**To judge it** there must be ${listed(observed.map(({ what, least }) => `${least} ${what}`))}.`,
    ...(explainedBy.length > 0
      ? [`**Explained by** ${listed(explainedBy.map(linkTo), 'or')}, where that holds as well.`]
      : []),
    ...(findings.length > 0 ? ['**Which one is it?**', list(findings.map(findingText))] : []),
    `**Causes.** ${causes.join(' ')}`,
    '**What to change.**',
    list(changes, true),
    `**How to tell that it worked.** ${worked}`,
  ];
}

function findingText({ when, conditions, answer }: Finding): string {
  const measured = conditions.length > 0 ? ` (${conditions.map(conditionText).join(', ')})` : '';
  return `If ${when}${measured}: ${answer}`;
}

function conditionText({ figure, is, bound, unit, orNone }: Condition): string {
  return `${figure} ${is} ${boundText(bound, unit)}${orNone ? ' or none' : ''}`;
}

function linkTo(id: string): string {
  const index = PLAYBOOKS.findIndex((playbook) => playbook.id === id);
  const { title } = PLAYBOOKS[index] as Playbook;
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
  return `[${title}](#${index + 1}-${anchor})`;
}

function listed(items: readonly string[], word = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} ${word} ${last}` : last;
}

function boundText(bound: number, unit: Condition['unit']): string {
  if (unit === 's') return bound < 1 ? `${Number((bound * 1000).toPrecision(6))} ms` : `${bound} s`;
  return unit === 'block/s' ? `${bound} a second` : String(bound);
}

function promql(conditions: readonly Condition[]): string {
  const lines = conditions.map((condition) => `${conditionPromql(condition, scope)}\n`);
  return `\`\`\`promql\n${lines.join('```\n\n```promql\n')}\`\`\``;
}

function list(items: readonly string[], numbered = false): string {
  return items.map((item, i) => `${numbered ? `${i + 1}.` : '-'} ${item}`).join('\n');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
