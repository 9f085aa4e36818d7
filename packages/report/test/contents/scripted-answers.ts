import { REGISTRY } from '@kvscope/core';
import { createCatalog, promqlOf, type Query, recipeScope } from '@kvscope/dashboards';
import type { Answers, Sample, Series } from '../../src/answers.ts';

/** What a question is answered with: the same at every moment. */
export type Script = (promql: string, query: Query) => readonly Sample[];

/** Answers that a test writes. Moments of `over` are those that are asked for. */
export function scriptedAnswers(script: Script): Answers & { readonly asked: string[] } {
  const scope = { ...recipeScope(createCatalog(REGISTRY, 'prometheus')), range: '1m' };
  const asked: string[] = [];
  const answer = (query: Query): readonly Sample[] => {
    const promql = promqlOf(query, scope);
    asked.push(promql);
    return script(promql, query);
  };
  return {
    asked,
    source: 'a script',
    scheme: 'prometheus',
    grouping: [],
    at: async (query) => answer(query),
    async over(query, { from, to, steps }) {
      return answer(query).map(
        ({ labels, value }): Series => ({
          labels,
          points: Array.from({ length: steps }, (_, i) => [from + (i * (to - from)) / (steps - 1), value]),
        }),
      );
    },
    promql: (query) => promqlOf(query, scope),
  };
}
