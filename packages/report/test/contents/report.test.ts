import { REGISTRY } from '@kvscope/core';
import {
  createCatalog,
  DASHBOARDS,
  PLAYBOOKS,
  panelsOf,
  promqlOf,
  RECIPES,
  recipeScope,
} from '@kvscope/dashboards';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/answers.ts';
import { reportData } from '../../src/contents/report.ts';
import type { ReportPanel, ReportSection } from '../../src/page/report-data.ts';
import { type Script, scriptedAnswers } from './scripted-answers.ts';

const SPAN = { from: 1000, to: 1060, steps: 4 };
const NOW = 1060;

async function sectionsOf(script: Script): Promise<ReadonlyMap<string, ReportSection>> {
  const { sections } = await reportData({ answers: scriptedAnswers(script), span: SPAN, now: NOW });
  return new Map(sections.map((section) => [section.id, section]));
}

function panel<Kind extends ReportPanel['kind']>(section: ReportSection | undefined, id: string, kind: Kind) {
  const found = section?.panels.find((candidate) => candidate.id === id);
  expect(found?.kind).toBe(kind);
  return found as Extract<ReportPanel, { kind: Kind }>;
}

const value = (of: number, labels: Record<string, string> = {}): Sample => ({ labels, value: of });
const tier = (name: string, of: number, more: Record<string, string> = {}) =>
  value(of, { kv_cache_tier: name, ...more });

it('asks for nothing that dashboards, playbooks and recipes do not ask for', async () => {
  const answers = scriptedAnswers(() => []);
  await reportData({ answers, span: SPAN, now: NOW });
  const scope = { ...recipeScope(createCatalog(REGISTRY, 'prometheus')), range: '1m' };
  const known = [
    ...DASHBOARDS.flatMap(panelsOf).flatMap(({ queries }) => queries.map(({ query }) => query)),
    ...PLAYBOOKS.flatMap(({ signature }) => signature.map(({ query }) => query)),
    ...RECIPES.map(({ query }) => query),
  ].map((query) => promqlOf(query, scope));
  expect(answers.asked.length).toBeGreaterThan(50);
  expect(answers.asked.filter((promql) => !known.includes(promql))).toEqual([]);
});

it('without an answer every section says so, and draws nothing', async () => {
  const sections = [...(await sectionsOf(() => [])).values()];
  expect(sections.map(({ id, verdict }) => [id, verdict.state])).toEqual(
    ['helping', 'tiers', 'loads', 'hiding', 'evicted', 'capacity', 'trust'].map((id) => [id, 'unknown']),
  );
  const drawn = sections.flatMap(({ panels }) => panels.map(({ id }) => id));
  // What was lost is told also when it is nothing.
  expect(drawn).toEqual(['losses']);
});

describe('is the cache helping', () => {
  // 10 blocks a second for a minute: l0 holds 2, l1 3 of the other 8.
  const lookups: Script = (promql) => {
    const result = (of: number, name: string, how: string) => tier(name, of, { kv_cache_lookup_result: how });
    if (promql.startsWith('sum by (kv_cache_tier, kv_cache_lookup_result)')) {
      return [
        result(2, 'l0', 'hit'),
        result(8, 'l0', 'miss'),
        result(3, 'l1', 'hit'),
        result(5, 'l1', 'miss'),
      ];
    }
    if (promql.includes('max (') && promql.includes('lookup_blocks')) return [value(0.5)];
    if (promql.includes('lookup_blocks')) return [tier('l0', 0.2), tier('l1', 0.375)];
    return [];
  };

  it('says how much of what was asked for was held, and where', async () => {
    const helping = (await sectionsOf(lookups)).get('helping');
    expect(helping?.verdict).toEqual({
      state: 'fair',
      text: 'The cache held 50 % of the 600 blocks that it was asked for: 20 % in l0, 30 % in l1.',
    });
  });

  it('says which tier held most of it', async () => {
    const tiers = (await sectionsOf(lookups)).get('tiers');
    expect(tiers?.verdict.text).toBe('Most of what was found was in l1: 60 % of all hits.');
    const { columns, rows } = panel(tiers, 'tiers-table', 'table');
    const held = columns.findIndex(({ title }) => title === 'held') - 1;
    expect(rows.map(({ name, cells }) => [name, cells[held]])).toEqual([
      ['l0', 0.2],
      ['l1', 0.375],
    ]);
  });
});

it('stages of a load stand one after the other, with their shares', async () => {
  const means: Readonly<Record<string, number>> = { queue: 0.001, dispatch: 0.002, wait: 0.006, copy: 0.001 };
  const loads = (
    await sectionsOf((promql) => {
      const [, stage = ''] = /kv_cache_task_(\w+)_duration_sum/.exec(promql) ?? [];
      const mean = means[stage];
      if (mean !== undefined) return [value(mean, { kv_cache_operation_name: 'load' })];
      return promql.includes('kv_cache_task_duration_sum') ? [value(0.01)] : [];
    })
  ).get('loads');
  expect(loads?.verdict.text).toBe(
    'A load takes 10 ms on average, most of it in the stage "wait for the lower tier": 60 %.',
  );
  expect(panel(loads, 'stages', 'bars').bars).toEqual([
    {
      name: 'load',
      parts: [
        { name: 'queue', value: 0.001 },
        { name: 'dispatch', value: 0.002 },
        { name: 'wait for the lower tier', value: 0.006 },
        { name: 'copy', value: 0.001 },
      ],
    },
  ]);
});

it('a heat map has what fell into each bucket alone, from the first that holds something to the last', async () => {
  const upTo = { '0.001': 0, '0.002': 1, '0.005': 5, '0.01': 5, '0.02': 5, '+Inf': 5 };
  const loads = (
    await sectionsOf((promql) =>
      promql.includes('kv_cache_task_duration_bucket') && !promql.includes('quantile')
        ? Object.entries(upTo)
            .reverse()
            .map(([le, count]) => value(count, { le }))
        : [],
    )
  ).get('loads');
  const { bounds, below, rows } = panel(loads, 'heat-load-duration', 'heat');
  expect({ bounds, below }).toEqual({ bounds: [0.001, 0.002, 0.005, 0.01], below: null });
  expect(rows).toEqual([0, 1, 4, 0].map((count) => [count, count, count, count]));
});

it('lives of blocks are shares of each histogram on the same buckets', async () => {
  const spread = (counts: readonly number[]) =>
    ['1', '2', '5', '+Inf'].map((le, i) => value(counts[i] as number, { le }));
  const evicted = (
    await sectionsOf((promql) => {
      if (!promql.includes('kv_cache_tier="l1"') || promql.includes('quantile')) return [];
      if (promql.includes('block_lifetime_bucket')) return spread([4, 4, 4, 4]);
      return promql.includes('block_reuse_gap_bucket') ? spread([0, 1, 4, 4]) : [];
    })
  ).get('evicted');
  expect(panel(evicted, 'lives-l1', 'spread')).toMatchObject({
    bounds: [1, 2, 5, null],
    below: null,
    spreads: [
      { name: 'lifetime', shares: [1, 0, 0, 0] },
      { name: 'reuse gap', shares: [0, 0.25, 0.75, 0] },
    ],
  });
});

it.each([
  ['is left out while the window has not passed for any block', false],
  ['is drawn when it is known what did not come back', true],
])('the share that is wanted again %s', async (_, decided) => {
  const gaps = 'kv_cache_block_evict_reuse_gap_count';
  const evicted = (
    await sectionsOf((promql) => {
      if (promql.includes('quantile') || promql.includes('lifetime')) return [];
      if (promql.includes('kv_cache_block_evict_reuse_misses')) {
        const missed = promql.indexOf('evict_reuse_misses') < promql.indexOf(gaps);
        return missed && !decided ? [] : [tier('l1', 0.5)];
      }
      return [];
    })
  ).get('evicted');
  expect(evicted?.panels.some(({ id }) => id === 'wanted-again')).toBe(decided);
});

it('a tier that meets the whole signature of thrashing is named', async () => {
  const signature = PLAYBOOKS.find(({ id }) => id === 'thrashing-tier')?.signature ?? [];
  const scope = { ...recipeScope(createCatalog(REGISTRY, 'prometheus')), range: '1m' };
  // l1 meets all of it, l0 all but the last.
  const answers = new Map(
    signature.map(({ query, is, bound }, i) => {
      const met = is === 'above' ? bound * 1.1 : bound / 2;
      return [promqlOf(query, scope), [tier('l1', met), tier('l0', i < signature.length - 1 ? met : bound)]];
    }),
  );
  const { verdict } = (await sectionsOf((promql) => answers.get(promql) ?? [])).get(
    'evicted',
  ) as ReportSection;
  expect(verdict.state).toBe('bad');
  expect(verdict.text).toMatch(/ l1 evicts what it needs next: /);
});

it('the tier that gains most by twice its capacity is named, with a warning where the sample is small', async () => {
  const curve = (name: string, ratios: Readonly<Record<string, number>>) =>
    Object.entries(ratios).map(([scale, ratio]) => tier(name, ratio, { kv_cache_capacity_scale: scale }));
  const script =
    (error: number): Script =>
    (promql) => {
      if (promql.includes('reuse_error')) return [tier('l0', 0.001), tier('l1', error)];
      if (!promql.includes('reuse_hit_ratio')) return [];
      return [...curve('l0', { '2': 0.35, '1': 0.3 }), ...curve('l1', { '0.5': 0.2, '1': 0.4, '2': 0.6 })];
    };
  const sure = (await sectionsOf(script(0.01))).get('capacity');
  expect(sure?.verdict).toEqual({
    state: 'plain',
    text: 'Twice the capacity of l1 would lift its hit ratio from 40 % to 60 %, as an LRU.',
  });
  expect(panel(sure, 'curve', 'curve')).toMatchObject({
    scales: [0.5, 1, 2],
    lines: [
      { name: 'l0', values: [null, 0.3, 0.35] },
      { name: 'l1', values: [0.2, 0.4, 0.6] },
    ],
  });
  expect((await sectionsOf(script(0.05))).get('capacity')?.verdict.state).toBe('fair');
});

it('what was lost is counted over the whole time, and the worst of it decides', async () => {
  const trust = (
    await sectionsOf((promql) => {
      if (promql.includes('source_missed')) return [value(0.05)];
      if (promql.includes('bus_events')) return [value(10)];
      return promql.includes('sampling_rate') ? [value(0.01)] : [];
    })
  ).get('trust');
  expect(trust?.verdict).toEqual({
    state: 'bad',
    text: 'These figures lack something: 3 batches of engines missed. Lives of blocks are those of 1 % of the blocks; counters count all.',
  });
  const missed = panel(trust, 'losses', 'table').rows.find(
    ({ name }) => name === 'batches of engines missed',
  );
  expect(missed).toMatchObject({ state: 'bad', cells: [3] });
});

it('panels that show nothing but 0 are named, not drawn', async () => {
  const { quiet, panels } = (
    await sectionsOf((promql) => (promql.includes('io_errors') ? [value(0)] : []))
  ).get('loads') as ReportSection;
  expect(quiet).toEqual(['Failures']);
  expect(panels).toEqual([]);
});

it('of many lines the highest are drawn, and the others counted', async () => {
  const many = Array.from({ length: 50 }, (_, i) => tier(`t${String(i).padStart(2, '0')}`, i + 1));
  const tiers = (await sectionsOf((promql) => (promql.includes('block_limit') ? many : []))).get('tiers');
  const { lines, leftOut } = panel(tiers, 'share-in-use', 'lines');
  expect(lines.map(({ values }) => values[0])).toEqual(Array.from({ length: 16 }, (_, i) => i + 35));
  expect(leftOut).toBe(34);
});
