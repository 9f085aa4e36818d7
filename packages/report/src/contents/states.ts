import { type Condition, PLAYBOOKS, type Thresholds } from '@kvscope/dashboards';
import type { State } from '../page/report-data.js';

const STATES: Readonly<Record<string, State>> = { green: 'good', yellow: 'fair', red: 'bad' };

/** What a value is by the thresholds of its panel; unknown where there is no value. */
export function stateOf(value: number | null, thresholds: Thresholds | undefined): State {
  if (value === null) return 'unknown';
  if (thresholds === undefined) return 'plain';
  const { base, steps } = thresholds;
  const [, colour] = steps.findLast(([above]) => value >= above) ?? [0, base];
  return STATES[colour] ?? 'plain';
}

/**
 * The conditions that a playbook's trouble is known by.
 * @throws RangeError when there is no such playbook
 */
export function signatureOf(playbook: string): readonly Condition[] {
  const found = PLAYBOOKS.find(({ id }) => id === playbook);
  if (found === undefined) throw new RangeError(`there is no playbook '${playbook}'`);
  return found.signature;
}

export function meets({ is, bound }: Condition, value: number): boolean {
  return is === 'above' ? value > bound : value < bound;
}
