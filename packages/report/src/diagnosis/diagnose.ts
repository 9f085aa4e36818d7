import { ALERTS, PLAYBOOKS, type Playbook } from '@kvscope/dashboards';
import type { Answers, Labels } from '../answers.js';
import { type Candidate, caseOf, type Inquiry, seenEnough, whereAllHold } from './cases.js';
import type { Diagnosis, Found, Match, TimeWindow, Unjudged, Warning } from './diagnosis.js';
import { ranked } from './ranked.js';

/**
 * Evaluates all playbooks over a window.
 * @throws Error when an answer cannot be had; RangeError for an empty window
 */
export async function diagnose(answers: Answers, window: TimeWindow): Promise<Diagnosis> {
  const { from, to } = window;
  if (!(to > from)) throw new RangeError(`from ${from} to ${to} is no time; allowed: the later one last`);
  const inquiry = { answers, moment: { time: to, windowSeconds: to - from } };
  const matches: Match[] = [];
  const clear: Diagnosis['clear'][number][] = [];
  const unjudged: Unjudged[] = [];
  for (const [i, playbook] of PLAYBOOKS.entries()) {
    const judged = { playbook, number: i + 1 };
    const seen = await seenEnough(playbook.observed, inquiry);
    const { held, lack } = await whereAllHold(playbook.signature, seen.enough, inquiry);
    const reason = seen.lack ?? lack;
    if (reason !== undefined) unjudged.push({ ...judged, reason });
    else if (held.length === 0) clear.push(judged);
    else matches.push(...(await matchesOf(judged, held, inquiry)));
  }
  const warnings = await warningsOf(inquiry);
  return { source: answers.source, window, matches: ranked(matches), warnings, clear, unjudged };
}

/** Alerts that one instance alone can raise are of its health, and of no bottleneck. */
const HEALTH_ALERTS = ALERTS.filter(({ grouping }) => grouping.includes('instance'));

async function warningsOf(inquiry: Inquiry): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  for (const { conditions, description } of HEALTH_ALERTS) {
    const { held } = await whereAllHold(conditions, [{ labels: {}, evidence: [] }], inquiry);
    const evidence = held.flatMap((candidate) => candidate.evidence);
    warnings.push(...evidence.map((one) => ({ evidence: one, says: description })));
  }
  return warnings;
}

/** One match for each service that has it. */
async function matchesOf(
  { playbook, number }: Pick<Match, 'playbook' | 'number'>,
  held: readonly Candidate[],
  inquiry: Inquiry,
): Promise<readonly Match[]> {
  const byService = new Map<string, { service: Labels; candidates: Candidate[] }>();
  for (const candidate of held) {
    const service = serviceOf(candidate.labels, inquiry.answers.grouping);
    const key = JSON.stringify(service);
    const found = byService.get(key) ?? { service, candidates: [] };
    found.candidates.push(candidate);
    byService.set(key, found);
  }
  return Promise.all(
    [...byService.values()].map(async ({ service, candidates }) => ({
      playbook,
      number,
      service,
      cases: candidates.map(caseOf).sort((a, b) => b.severity - a.severity),
      findings: await findingsOf(playbook, candidates, inquiry),
      possible: playbook.findings
        .filter(({ conditions }) => conditions.length === 0)
        .map(({ when, answer }) => ({ when, answer, evidence: [] })),
      explainedBy: [],
    })),
  );
}

async function findingsOf(
  { findings }: Playbook,
  candidates: readonly Candidate[],
  inquiry: Inquiry,
): Promise<readonly Found[]> {
  const places = candidates.map(({ labels }) => ({ labels, evidence: [] }));
  const found: Found[] = [];
  for (const { when, answer, conditions } of findings.filter((finding) => finding.conditions.length > 0)) {
    const { held } = await whereAllHold(conditions, places, inquiry);
    const [first] = held;
    if (first !== undefined) found.push({ when, answer, evidence: first.evidence });
  }
  return found;
}

function serviceOf(labels: Labels, grouping: readonly string[]): Labels {
  return Object.fromEntries(
    grouping.flatMap((name) => (name in labels ? [[name, labels[name] as string]] : [])),
  );
}
