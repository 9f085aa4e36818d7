import type { Condition } from '../condition.js';
import type { Query } from '../query/query.js';

/** How far rules look back; the names of recorded series say it. */
export const RULE_RANGE = '5m';

/** A series that Prometheus keeps, so that a long look back at it is cheap. */
export interface Recording {
  /** By Prometheus's own rule: labels, then what it is about, then what was done. */
  readonly record: string;
  readonly query: Query;
  /** Labels added to it. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Alert {
  readonly name: string;
  readonly severity: 'warning' | 'info';
  /** How long all conditions must hold. */
  readonly for: string;
  /** Kept apart by: `job`, or `job` and `instance` where one instance alone can be in trouble. */
  readonly grouping: readonly string[];
  /** All must hold. */
  readonly conditions: readonly Condition[];
  readonly summary: string;
  readonly description: string;
  /** The playbook that says what to do. */
  readonly playbook?: string;
}
