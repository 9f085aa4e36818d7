import { PLAYBOOKS, type Playbook, type Query } from '@kvscope/dashboards';
import type { Answers, Labels, Sample } from '../../src/answers.ts';

export const WINDOW = { from: 1000, to: 1100 };
const SECONDS = WINDOW.to - WINDOW.from;

/** Answers as scripted, by the query asked; nothing else has one. */
export class ScriptedAnswers implements Answers {
  readonly source = 'a script';
  readonly scheme = 'prometheus';
  readonly grouping: readonly string[];
  readonly #samples = new Map<Query, Sample[]>();

  constructor(grouping: readonly string[] = []) {
    this.grouping = grouping;
  }

  say(query: Query, value: number, labels: Labels = {}): this {
    this.#samples.set(query, [...(this.#samples.get(query) ?? []), { labels, value }]);
    return this;
  }

  /** Enough observations of a playbook, and figures that are so many times past their bounds, or short of them. */
  show(id: string, times: number, labels: Labels = {}): this {
    const { observed, signature } = playbook(id);
    for (const { query, per, least } of observed) {
      this.say(query, (2 * least) / SECONDS, labels);
      if (per !== undefined) this.say(per, 1, labels);
    }
    for (const { query, is, bound } of signature) {
      this.say(query, is === 'above' ? bound * times : bound / times, labels);
    }
    return this;
  }

  async at(query: Query): Promise<readonly Sample[]> {
    return this.#samples.get(query) ?? [];
  }

  over(): Promise<never> {
    throw new Error('a diagnosis is of one moment');
  }

  promql(_: Query, seconds: number): string {
    return `figure[${seconds}s]`;
  }
}

export function playbook(id: string): Playbook {
  const found = PLAYBOOKS.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no playbook ${id}`);
  return found;
}
