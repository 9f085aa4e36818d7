import type { Condition } from '../condition.js';
import type { Query } from '../query/query.js';

/** What a playbook has to have seen before it says anything. */
export interface Observed {
  /** In the plural, such as "loads". */
  readonly what: string;
  /** How many there are a second. */
  readonly query: Query;
  /** Counted in multiples of this; absent: in ones. */
  readonly per?: Query;
  /** Fewer of them in the whole window say nothing. */
  readonly least: number;
}

/** One of several things that a playbook's trouble can be. */
export interface Finding {
  /** What one sees, after "if". */
  readonly when: string;
  /** All hold when it is this one; none where no metric can tell. */
  readonly conditions: readonly Condition[];
  /** What it is, and what to change. */
  readonly answer: string;
}

/** A bottleneck: how it shows, where it comes from, and what to do. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  /** What brings somebody here. */
  readonly symptom: string;
  /** What its metrics need of the cache; absent: a store that publishes tasks and io. */
  readonly needs?: 'accesses' | 'layerwise' | 'lookups';
  /** What its figures are made of. */
  readonly observed: readonly Observed[];
  /** All hold when a cache has it. */
  readonly signature: readonly Condition[];
  /** Playbooks, by id, that are the cause of this one where they hold as well. */
  readonly explainedBy?: readonly string[];
  readonly findings: readonly Finding[];
  readonly causes: readonly string[];
  /** In the order in which to try them. */
  readonly changes: readonly string[];
  /** How to tell that a change worked. */
  readonly worked: string;
  /** The dashboard to look at. */
  readonly dashboard: 'overview' | 'store' | 'layerwise' | 'lifecycle' | 'health';
}
