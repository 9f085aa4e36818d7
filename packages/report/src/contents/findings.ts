import type { Diagnosis, Evidence, Found, Match } from '../diagnosis/diagnosis.js';
import type { ReportFinding } from '../page/report-data.js';
import { capital, figureText, labelText, plainText } from '../wording.js';

/** More places of one trouble do not say more. */
const MOST_CASES = 3;

/** What a diagnosis found, as the report shows it. */
export function findingsOf({ matches }: Diagnosis): readonly ReportFinding[] {
  return matches.map((match) => {
    const { playbook, number, service, cases, explainedBy } = match;
    const of = labelText(service);
    return {
      state: explainedBy.length > 0 ? 'fair' : 'bad',
      title: `${playbook.title}${of === '' ? '' : `, ${of}`} (playbook ${number})`,
      text:
        explainedBy.length > 0
          ? `${playbook.symptom} Explained by: ${explainedBy.join(', ')}. Mend that first.`
          : playbook.symptom,
      evidence: [
        ...cases.slice(0, MOST_CASES).flatMap(({ evidence }) => evidence.map(evidenceText)),
        ...causes(match),
      ],
      changes: playbook.changes.map(plainText),
    };
  });
}

function evidenceText({ condition, value, labels }: Evidence): string {
  const { figure, is, bound, unit } = condition;
  const of = labelText(labels);
  const shown = value === undefined ? 'nothing to make it of' : figureText(value, unit);
  return `${capital(figure)}${of === '' ? '' : ` (${of})`}: ${shown}, ${is} ${figureText(bound, unit)}.`;
}

/** What it is, where that is measured; else what it may be. */
function causes({ findings, possible }: Match): readonly string[] {
  const text = (word: string, { when, answer }: Found) => `${word}: ${when}: ${plainText(answer)}`;
  if (findings.length > 0) return findings.map((found) => text('Cause', found));
  return possible.map((found) => text('Perhaps', found));
}
