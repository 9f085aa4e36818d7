import type { Match } from './diagnosis.js';

/**
 * The most likely first: what no other match explains before what one does, and of those alike the one whose figures
 * are further past their bounds.
 */
export function ranked(matches: readonly Match[]): readonly Match[] {
  return matches
    .map((match) => ({
      match: { ...match, explainedBy: explainers(match, matches) },
      depth: depth(match, matches),
    }))
    .sort((a, b) => a.depth - b.depth || severity(b.match) - severity(a.match))
    .map(({ match }) => match);
}

function explainers({ playbook, service }: Match, matches: readonly Match[]): readonly string[] {
  return matches
    .filter((other) => sameService(other, service) && playbook.explainedBy?.includes(other.playbook.id))
    .map((other) => other.playbook.title);
}

/** How many explanations stand one behind the other; those that would go round in a circle do not count. */
function depth(match: Match, matches: readonly Match[], seen: readonly Match[] = []): number {
  const causes = matches.filter(
    (other) =>
      sameService(other, match.service) &&
      !seen.includes(other) &&
      match.playbook.explainedBy?.includes(other.playbook.id),
  );
  return Math.max(0, ...causes.map((cause) => 1 + depth(cause, matches, [...seen, match])));
}

function severity({ cases: [worst] }: Match): number {
  return worst?.severity ?? 0;
}

function sameService({ service }: Match, other: Match['service']): boolean {
  return JSON.stringify(service) === JSON.stringify(other);
}
