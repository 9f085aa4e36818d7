import type { Labels } from '../answers.js';
import { type Diagnosis, type Evidence, type Found, isHealthy, type Match } from './diagnosis.js';

/** A diagnosis as one JSON object. Times in s since the epoch; units as the evidence names them. */
export interface DiagnosisJson {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  /** Whether there is neither finding nor warning. See `unjudged` for how much that says. */
  readonly healthy: boolean;
  /** The most likely first. */
  readonly findings: readonly {
    readonly playbook: number;
    readonly id: string;
    readonly title: string;
    readonly symptom: string;
    readonly service: Labels;
    readonly severity: number;
    /** Titles of findings that are the cause of this one. */
    readonly explainedBy: readonly string[];
    /** One list for each place that has it, the worst first. */
    readonly cases: readonly { readonly labels: Labels; readonly evidence: readonly EvidenceJson[] }[];
    readonly measured: readonly FoundJson[];
    /** What no metric can tell apart. */
    readonly possible: readonly FoundJson[];
    readonly causes: readonly string[];
    readonly changes: readonly string[];
    readonly worked: string;
  }[];
  /** What to mend before anything else. */
  readonly warnings: readonly (EvidenceJson & { readonly says: string })[];
  readonly clear: readonly { readonly playbook: number; readonly id: string }[];
  readonly unjudged: readonly { readonly playbook: number; readonly id: string; readonly reason: string }[];
}

export interface EvidenceJson {
  readonly figure: string;
  /** Null where there was nothing to make the figure of. */
  readonly value: number | null;
  readonly is: 'above' | 'below';
  readonly bound: number;
  readonly unit: string;
  readonly labels: Labels;
  readonly promql: string;
}

export interface FoundJson {
  readonly when: string;
  readonly answer: string;
  readonly evidence: readonly EvidenceJson[];
}

export function diagnosisAsJson(diagnosis: Diagnosis): DiagnosisJson {
  const { source, window, matches, warnings, clear, unjudged } = diagnosis;
  return {
    source,
    ...window,
    healthy: isHealthy(diagnosis),
    findings: matches.map(matchAsJson),
    warnings: warnings.map(({ evidence, says }) => ({ ...evidenceAsJson(evidence), says })),
    clear: clear.map(({ playbook, number }) => ({ playbook: number, id: playbook.id })),
    unjudged: unjudged.map(({ playbook, number, reason }) => ({ playbook: number, id: playbook.id, reason })),
  };
}

function matchAsJson(match: Match): DiagnosisJson['findings'][number] {
  const { playbook, number, service, cases, explainedBy } = match;
  const { id, title, symptom, causes, changes, worked } = playbook;
  return {
    playbook: number,
    id,
    title,
    symptom,
    service,
    severity: cases[0]?.severity ?? 0,
    explainedBy,
    cases: cases.map(({ labels, evidence }) => ({ labels, evidence: evidence.map(evidenceAsJson) })),
    measured: match.findings.map(foundAsJson),
    possible: match.possible.map(foundAsJson),
    causes,
    changes,
    worked,
  };
}

function foundAsJson({ when, answer, evidence }: Found): FoundJson {
  return { when, answer, evidence: evidence.map(evidenceAsJson) };
}

function evidenceAsJson({ condition, value, labels, promql }: Evidence): EvidenceJson {
  const { figure, is, bound, unit } = condition;
  return { figure, value: value ?? null, is, bound, unit, labels, promql };
}
