import {
  type Diagnosis,
  type Evidence,
  type Found,
  isHealthy,
  type Match,
  type Warning,
} from '@kvscope/report';
import { capital, figureText, formatSeconds, labelText, plainText } from '@kvscope/report/figures';
import { EXIT } from '../exit.js';

/** More places of one trouble are counted, not listed. */
const MOST_CASES = 4;

/** @returns the exit code of a command that found this, or looked for nothing */
export function exitOf(diagnosis: Diagnosis | undefined): number {
  return diagnosis === undefined || isHealthy(diagnosis) ? EXIT.done : EXIT.findings;
}

/** A diagnosis as a person reads it. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { source, window, matches, warnings, clear, unjudged } = diagnosis;
  const all = matches.length + clear.length + unjudged.length;
  const found = new Set(matches.map(({ playbook }) => playbook)).size;
  const title = `DIAGNOSIS of ${source}, over ${formatSeconds(window.to - window.from)}`;
  const verdict =
    matches.length > 0
      ? `${found} of ${found + clear.length + unjudged.length} playbooks match, the most likely first.`
      : clear.length > 0
        ? `${warnings.length > 0 ? 'See the warnings' : 'Healthy'}: none of the ${clear.length} playbooks that could be judged matches.`
        : `Nothing could be judged, of ${all} playbooks.`;
  return [
    `${title}\n${verdict}`,
    ...(warnings.length > 0 ? [`Mend first:\n${warnings.flatMap(warningLines).join('\n')}`] : []),
    ...matches.map(matchText),
    ...(clear.length > 0
      ? [
          `Looked at and fine: ${clear.map(({ playbook, number }) => `${playbook.title} (${number})`).join(', ')}.`,
        ]
      : []),
    ...(unjudged.length > 0
      ? [
          `Could not be judged:\n${unjudged
            .map(({ playbook, number, reason }) => `  ${playbook.title} (${number}): ${reason}.`)
            .join('\n')}`,
        ]
      : []),
  ].join('\n\n');
}

/** What several of them mean is said once, after the last. */
function warningLines({ evidence, says }: Warning, i: number, all: readonly Warning[]): readonly string[] {
  return [...evidenceLines(evidence), ...(all[i + 1]?.says === says ? [] : [`   ${says}`])];
}

function matchText(match: Match, index: number): string {
  const { playbook, number, service, cases, explainedBy } = match;
  const of = labelText(service);
  const lines = [
    `${index + 1}. ${playbook.title} (playbook ${number})${of === '' ? '' : `, ${of}`}`,
    `   ${playbook.symptom}`,
  ];
  if (explainedBy.length > 0) lines.push(`   Explained by: ${explainedBy.join(', ')}. Mend that first.`);
  for (const { evidence } of cases.slice(0, MOST_CASES)) lines.push(...evidence.flatMap(evidenceLines));
  if (cases.length > MOST_CASES) lines.push(`   and at ${cases.length - MOST_CASES} more places`);
  lines.push(...foundLines(match));
  lines.push(
    '   What to change:',
    ...playbook.changes.map((change, i) => `     ${i + 1}. ${plainText(change)}`),
  );
  lines.push(`   It worked when: ${plainText(playbook.worked)}`);
  return lines.join('\n');
}

function evidenceLines({ condition, value, labels, promql }: Evidence): readonly string[] {
  const { figure, is, bound, unit } = condition;
  const of = labelText(labels);
  const shown = value === undefined ? 'nothing to make it of' : figureText(value, unit);
  return [
    `   ${capital(figure)}${of === '' ? '' : ` (${of})`}: ${shown}, ${is} ${figureText(bound, unit)}`,
    `     ${promql}`,
  ];
}

/** What it is, where that is measured; else what it may be. */
function foundLines({ findings, possible, playbook }: Match): readonly string[] {
  if (findings.length > 0) return findings.map((found) => foundLine('Cause', found));
  if (possible.length > 0) return possible.map((found) => foundLine('Perhaps, if', found));
  return [`   Causes: ${playbook.causes.map(plainText).join(' ')}`];
}

function foundLine(word: string, { when, answer, evidence }: Found): string {
  const measured = evidence.map(({ condition, value }) =>
    value === undefined ? condition.figure : `${condition.figure}: ${figureText(value, condition.unit)}`,
  );
  const by = measured.length > 0 ? ` (${measured.join(', ')})` : '';
  return `   ${word}${evidence.length > 0 ? ':' : ''} ${when}${by}: ${plainText(answer)}`;
}
