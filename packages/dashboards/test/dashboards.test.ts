import { type MetricFamily, REGISTRY } from '@kvscope/core';
import { describe, expect, it } from 'vitest';
import { readSet } from '../src/files.ts';
import { DASHBOARDS, OFF_PANEL, shownMetrics } from '../src/panels/dashboards.ts';
import { panelsOf } from '../src/panels/panel.ts';
import { VIEWS } from '../src/query/scope.ts';
import { generatedFiles } from '../src/render/generated-files.ts';
import { SCHEMES } from '../src/scheme.ts';
import { problemsOf, seriesOf } from './check-promql.ts';
import { dashboardsOf, panelsIn } from './grafana-json.ts';
import { withVariables } from './promql.ts';

const NAMES = REGISTRY.flatMap(({ metrics }) => Object.keys(metrics));

describe.each(SCHEMES)('the set %s', (scheme) => {
  const files = generatedFiles(scheme);

  it('is committed as the registry and the definitions make it; if not: npm run docs', async () => {
    const committed = await readSet(scheme);
    expect([...committed.keys()].sort()).toEqual([...files.keys()].sort());
    for (const [path, text] of files) expect(committed.get(path)).toBe(text);
  });

  const all = dashboardsOf(files);
  const panels = all.flatMap(panelsIn);

  it('has the five dashboards, each with a uid and tags of its own', () => {
    expect(all.map(({ tags }) => tags)).toEqual(
      ['overview', 'store', 'layerwise', 'lifecycle', 'health'].map((name) => ['kvscope', name]),
    );
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(5);
  });

  it('links each dashboard to its siblings, keeping time and variables', () => {
    for (const { links } of all) {
      expect(links).toEqual([
        expect.objectContaining({
          type: 'dashboards',
          tags: ['kvscope'],
          asDropdown: true,
          keepTime: true,
          includeVars: true,
        }),
      ]);
    }
  });

  it('has panels with ids of their own that do not overlap on the grid', () => {
    for (const dashboard of all) {
      const every = panelsIn(dashboard);
      expect(new Set(every.map(({ id }) => id)).size).toBe(every.length);
      expect(every.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
      const overlapping = every.flatMap(({ gridPos: a, title }, i) =>
        every
          .slice(i + 1)
          .filter(
            ({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
          )
          .map((other) => [title, other.title]),
      );
      expect(overlapping).toEqual([]);
    }
  });

  it('asks for its variables only, and every panel for the data source that the user picked', () => {
    for (const dashboard of all) {
      const names = dashboard.templating.list.map(({ name }) => name);
      expect(names).toEqual(['datasource', 'service', 'instance', 'view']);
      const used = JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g);
      expect(new Set([...used].map(([, name]) => name))).toEqual(new Set(names));
    }
    for (const { type, datasource, targets = [] } of panels.filter(({ type }) => type !== 'row')) {
      for (const source of [datasource, ...targets.map((target) => target.datasource)]) {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
        expect([type, source]).toEqual([type, { type: 'prometheus', uid: '${datasource}' }]);
      }
    }
  });

  it('has View with whole grouping lists, aggregated by default', () => {
    for (const { templating } of all) {
      const view = templating.list.find(({ name }) => name === 'view');
      expect(view).toMatchObject({
        query: 'Aggregated : job, Per instance : job\\, instance',
        current: { text: 'Aggregated', value: 'job' },
        options: [{ value: 'job' }, { value: 'job, instance' }],
      });
    }
  });

  const series = seriesOf(scheme);
  it.each(VIEWS)('has queries that the registry can answer, $name', ({ labels }) => {
    const view = labels.join(', ');
    const queries = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => [title, expr] as const),
    );
    expect(queries.length).toBeGreaterThan(200);
    for (const [title, expr] of queries) {
      expect([title, problemsOf(withVariables(expr, { view }), series)]).toEqual([title, []]);
    }
  });

  it('has variables that ask for metrics of the registry', () => {
    for (const { query } of all.flatMap(({ templating }) => templating.list)) {
      if (typeof query !== 'object') continue;
      const [, selector = ''] = /^label_values\((.+), (?:job|instance)\)$/.exec(query.query) ?? [];
      expect(problemsOf(withVariables(selector, { view: 'job' }), series)).toEqual([]);
    }
  });

  it('draws the quantiles and thresholds as promised, and bridges gaps of a minute', () => {
    for (const { type, title, fieldConfig, targets = [], options } of panels) {
      if (type !== 'timeseries') continue;
      const { defaults, overrides } = fieldConfig;
      expect([title, defaults.custom.spanNulls]).toEqual([title, 60_000]);
      expect(options).toMatchObject({
        legend: { displayMode: 'table', calcs: ['lastNotNull', 'max'] },
        tooltip: { mode: 'multi', sort: 'desc' },
      });
      if (defaults.thresholds) expect(defaults.custom.thresholdsStyle).toEqual({ mode: 'dashed+area' });
      for (const { refId, legendFormat } of targets) {
        const style = overrides.find(({ matcher }) => matcher.options === refId)?.properties ?? [];
        const [kind] = legendFormat.split(' ');
        if (kind === 'p50') expect(style).toEqual([]);
        if (kind === 'p90') expect(style[0]?.value).toEqual({ fill: 'dash', dash: [10, 6] });
        if (kind === 'p99') {
          expect(style.map(({ value }) => value)).toEqual([{ fill: 'dash', dash: [4, 4] }, 2]);
        }
        if (kind === 'average') expect(style).toEqual([{ id: 'custom.fillOpacity', value: 5 }]);
      }
    }
  });

  it('says in a title what one observation of a bandwidth is, and which is the throughput', () => {
    for (const panel of DASHBOARDS.flatMap(panelsOf)) {
      const perEvent = panel.queries.some(({ query }) =>
        query.metrics.some((metric) => metric.endsWith('.bandwidth')),
      );
      if (perEvent) expect(panel.title).toMatch(/\(per (task|io|transfer)\)$/);
      else if (panel.unit === 'binBps') expect(panel.title).toMatch(/\(aggregated\)$/);
    }
  });

  it('never bends a rate that is below one', () => {
    for (const text of files.values()) expect(text).not.toContain('clamp_min');
  });
});

it('every metric is on a panel, or on the list of why not', () => {
  const shown = shownMetrics(DASHBOARDS);
  expect(NAMES.filter((name) => !shown.has(name))).toEqual(Object.keys(OFF_PANEL));
});

it('a metric that is renamed or gone stops the generation by its name', () => {
  const without: MetricFamily[] = REGISTRY.map((family) => ({
    ...family,
    metrics: Object.fromEntries(Object.entries(family.metrics).filter(([name]) => name !== 'kv_cache.io')),
  }));
  expect(() => generatedFiles('otlp', without)).toThrow(
    new RangeError('kv_cache.io is not in the metric registry'),
  );
});
