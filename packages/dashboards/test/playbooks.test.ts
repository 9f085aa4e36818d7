import { REGISTRY } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../src/catalog.ts';
import { conditionPromql } from '../src/condition.ts';
import { PLAYBOOKS } from '../src/playbooks/playbooks.ts';
import { recipeScope } from '../src/query/scope.ts';
import { ALERTS } from '../src/rules/alerts.ts';
import { SCHEMES } from '../src/scheme.ts';
import { problemsOf, seriesOf } from './check-promql.ts';

it('there are eleven, each under an id of its own', () => {
  expect(new Set(PLAYBOOKS.map(({ id }) => id)).size).toBe(11);
});

it('an alert names a playbook that exists', () => {
  const ids = PLAYBOOKS.map(({ id }) => id);
  for (const { playbook } of ALERTS) if (playbook !== undefined) expect(ids).toContain(playbook);
});

describe.each(PLAYBOOKS)('$id', ({ signature, findings, causes, changes }) => {
  it.each(SCHEMES)('has conditions that %s can answer', (scheme) => {
    const series = seriesOf(scheme);
    const scope = recipeScope(createCatalog(REGISTRY, scheme));
    expect(signature.length).toBeGreaterThan(0);
    for (const condition of [...signature, ...findings.flatMap(({ conditions }) => conditions)]) {
      const promql = conditionPromql(condition, scope);
      expect([condition.figure, problemsOf(promql, series)]).toEqual([condition.figure, []]);
    }
  });

  it('says where it comes from and what to change', () => {
    expect(Math.min(causes.length, changes.length)).toBeGreaterThan(0);
  });
});
