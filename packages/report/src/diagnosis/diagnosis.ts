import type { Condition, Playbook } from '@kvscope/dashboards';
import type { Labels } from '../answers.js';

/** From and to, in s since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A figure that is out of its bounds, and where it is from. */
export interface Evidence {
  readonly condition: Condition;
  /** Absent where there was nothing to make the figure of, and the condition holds all the more. */
  readonly value?: number;
  /** What the figure is kept apart by, such as the tier. */
  readonly labels: Labels;
  /** What to ask a Prometheus for it. */
  readonly promql: string;
}

/** One place where all of a playbook's signature holds, such as a tier. */
export interface Case {
  readonly labels: Labels;
  readonly evidence: readonly Evidence[];
  /** The mean of how many times its figures are past their bounds, as a power of 2: 0 at the bounds, at most 10. */
  readonly severity: number;
}

/** Which of the things that the playbook's trouble can be it is. */
export interface Found {
  readonly when: string;
  readonly answer: string;
  /** Empty where no metric can tell: it may be this one. */
  readonly evidence: readonly Evidence[];
}

/** A playbook that holds. */
export interface Match {
  readonly playbook: Playbook;
  /** From 1, as in the documentation. */
  readonly number: number;
  /** The labels of the service, such as its job. */
  readonly service: Labels;
  /** The worst first; at least one. */
  readonly cases: readonly Case[];
  /** Those that are measured. */
  readonly findings: readonly Found[];
  /** Those that no metric can tell apart from the others. */
  readonly possible: readonly Found[];
  /** Titles of playbooks that hold as well and are the cause of this one. */
  readonly explainedBy: readonly string[];
}

export interface Judged {
  readonly playbook: Playbook;
  readonly number: number;
}

export interface Unjudged extends Judged {
  /** A sentence without its full stop. */
  readonly reason: string;
}

/** Something that goes wrong, whatever the shape of the cache: an alert that would be raised. */
export interface Warning {
  readonly evidence: Evidence;
  /** What it means, in sentences. */
  readonly says: string;
}

/** What ails a cache. Each playbook is in one of the three lists. */
export interface Diagnosis {
  readonly source: string;
  readonly window: TimeWindow;
  /** The most likely first. */
  readonly matches: readonly Match[];
  /** What makes figures less than they seem, or the cache fail outright: each is to be mended before anything else. */
  readonly warnings: readonly Warning[];
  /** What was looked at and does not hold, for any service that it could be judged for. */
  readonly clear: readonly Judged[];
  /** What could not be judged for lack of data, for no service. */
  readonly unjudged: readonly Unjudged[];
}

/** Whether nothing was found to be wrong. What could not be judged is in `unjudged`. */
export function isHealthy({ matches, warnings }: Pick<Diagnosis, 'matches' | 'warnings'>): boolean {
  return matches.length === 0 && warnings.length === 0;
}
