import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../src/render/generated-files.ts';
import { SCHEMES } from '../src/scheme.ts';
import { problemsOf, seriesOf } from './check-promql.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

describe.each(SCHEMES)('the rules of %s', (scheme) => {
  const { groups } = parse(generatedFiles(scheme).get('rules/kvscope.yaml') as string) as {
    groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('ask for what the registry has', () => {
    const series = seriesOf(scheme);
    for (const { record, alert, expr } of rules) {
      expect([record ?? alert, problemsOf(expr, series)]).toEqual([record ?? alert, []]);
    }
  });

  it('have a name of their own each, with their labels', () => {
    const names = rules.map(({ record, alert, labels }) => `${record ?? alert} ${JSON.stringify(labels)}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('record under the same names in both schemes, so that what is built on them works with either', () => {
    const recorded = rules.flatMap(({ record }) => record ?? []);
    expect(recorded).toContain('job_tier:kv_cache_hit:ratio5m');
    expect(recorded.every((name) => /^job(_\w+)?:kv_cache_\w+:\w+5m$/.test(name))).toBe(true);
  });
});
