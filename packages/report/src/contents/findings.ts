import type { Diagnosis, Evidence, Found, Match, Warning } from '../diagnosis/diagnosis.js';
import type { ReportFinding } from '../page/report-data.js';
import { capital, figureText, labelText, plainText } from '../wording.js';

/** More places of one trouble do not say more. */
const MOST_CASES = 3;

/** What a diagnosis found, as the report shows it: first what fails outright. */
export function findingsOf({ warnings, matches }: Diagnosis): readonly ReportFinding[] {
  return [...warningFindings(warnings), ...matches.map(matchFinding)];
}

/** One for all that mean the same. */
function warningFindings(warnings: readonly Warning[]): readonly ReportFinding[] {
  return [...new Set(warnings.map(({ says }) => says))].map((says) => ({
    state: 'bad',
    title: 'Something fails: mend this first',
    text: says,
    evidence: warnings
      .filter((warning) => warning.says === says)
      .map(({ evidence }) => evidenceText(evidence)),
    changes: [],
  }));
}

function matchFinding(match: Match): ReportFinding {
  const { playbook, number, service, cases, explainedBy } = match;
  const of = labelText(service);
  const symptom = playbook.symptom;
  const explained = explainedBy.length > 0;
  return {
    state: explained ? 'fair' : 'bad',
    title: `${playbook.title}${of === '' ? '' : `, ${of}`} (playbook ${number})`,
    text: explained ? `${symptom} Explained by: ${explainedBy.join(', ')}. Mend that first.` : symptom,
    evidence: [
      ...cases.slice(0, MOST_CASES).flatMap(({ evidence }) => evidence.map(evidenceText)),
      ...causes(match),
    ],
    changes: playbook.changes.map(plainText),
  };
}

function evidenceText({ condition, value, labels }: Evidence): string {
  const { figure, is, bound, unit } = condition;
  const of = labelText(labels);
  const shown = value === undefined ? 'nothing to make it of' : figureText(value, unit);
  return `${capital(figure)}${of === '' ? '' : ` (${of})`}: ${shown}, ${is} ${figureText(bound, unit)}.`;
}

/** What it is, where that is measured; else what it may be. */
function causes({ findings, possible }: Match): readonly string[] {
  const text = (word: string, { when, answer }: Found) => `${word} ${when}: ${plainText(answer)}`;
  if (findings.length > 0) return findings.map((found) => text('Cause:', found));
  return possible.map((found) => text('Perhaps, if', found));
}
