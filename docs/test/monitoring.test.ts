import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTRY } from '@kvscope/core';
import { ALERTS, OFF_PANEL, readSet, SCHEMES, writeFiles } from '@kvscope/dashboards';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { problemsOf, seriesOf } from '../../packages/dashboards/test/check-promql.ts';
import { codeBlocks } from '../src/code-blocks.ts';
import { PAGES_FOLDER } from '../src/repository.ts';

const PAGES = readdirSync(PAGES_FOLDER).filter((name) => name.endsWith('.md'));
const page = (name: string): string => readFileSync(join(PAGES_FOLDER, name), 'utf8');
const deployed = (name: string): string => page(join('deploy', name));
const NAMES = new Set(REGISTRY.flatMap(({ metrics }) => Object.keys(metrics)));

describe('the queries in the pages', () => {
  const queries = PAGES.flatMap((name) =>
    codeBlocks(page(name))
      .filter(({ language }) => language === 'promql')
      .flatMap(({ text, line }) => text.split('\n\n').map((query) => [`${name}:${line}`, query] as const)),
  );

  it('are on the pages of capacity, playbooks, recipes and registration', () => {
    const places = new Set(queries.map(([place]) => place.split(':')[0]));
    expect([...places].sort()).toEqual(['capacity.md', 'performance.md', 'recipes.md', 'register.md']);
    expect(queries.length).toBeGreaterThan(30);
  });

  it.each(queries)('%s asks for what the registry has', (_, query) => {
    expect(problemsOf(query, seriesOf('prometheus'))).toEqual([]);
  });
});

it.each(PAGES)('%s names series that one of the two sets has', (name) => {
  const known = new Set([
    ...SCHEMES.flatMap((scheme) => [...seriesOf(scheme).keys()]),
    ...[...NAMES].map((metric) => metric.replaceAll('.', '_')),
  ]);
  const text = page(name).replaceAll(/```promql[\s\S]*?```/g, '');
  const named = [...text.matchAll(/(?<![\w:])kv_cache_[a-z0-9_]+/g)].map(([found]) => found);
  // Labels look the same: those of attributes are not metrics.
  const labels = REGISTRY.flatMap(({ metrics }) => Object.values(metrics)).flatMap(({ attributes }) =>
    attributes.map((attribute) => attribute.name.replaceAll('.', '_')),
  );
  // Headings in METRICS.md are anchors without their dots.
  const anchors = [...NAMES].map((metric) => metric.replaceAll('.', ''));
  expect(named.filter((found) => ![...known, ...labels, ...anchors].includes(found))).toEqual([]);
});

it('performance.md names metrics that exist', () => {
  const options = ['block.layers'];
  const named = [...page('performance.md').matchAll(/`([a-z_]+(?:\.[a-z_]+)+)`/g)].map(
    ([, found = '']) => found,
  );
  const unknown = named.filter((found) => !NAMES.has(found) && !NAMES.has(`kv_cache.${found}`));
  expect(unknown.filter((found) => !options.includes(found))).toEqual([]);
});

it('dashboards.md has each alert, and each metric without a panel', () => {
  const text = page('dashboards.md');
  expect([...text.matchAll(/^\| `(KvCache\w+)` \|/gm)].map(([, name]) => name)).toEqual(
    ALERTS.map(({ name }) => name),
  );
  for (const name of Object.keys(OFF_PANEL)) expect(text).toContain(`\`${name}\``);
});

describe('Grafana', () => {
  it.each(SCHEMES)('finds what the guide mounts: %s', async (scheme) => {
    const files = await readSet(scheme);
    const provider = parse(files.get('grafana/provisioning/dashboards/kvscope.yaml') as string);
    const source = parse(files.get('grafana/provisioning/datasources/kvscope.yaml') as string);
    const guide = page('prometheus-grafana.md');
    for (const { options } of provider.providers) {
      expect(guide).toContain(`kvscope/grafana/dashboards:${options.path}:ro`);
    }
    expect(guide).toContain('kvscope/grafana/provisioning:/etc/grafana/provisioning:ro');
    for (const { url, type } of source.datasources) {
      expect([type, url]).toEqual(['prometheus', '$PROMETHEUS_URL']);
      expect(guide).toContain('-e PROMETHEUS_URL=http://127.0.0.1:9090');
    }
  });
});

interface CollectorConfig {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly processors: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<
      Record<string, Readonly<Record<'receivers' | 'processors' | 'exporters', readonly string[]>>>
    >;
  };
}

describe.each(['otel-collector-agent.yaml', 'otel-collector-gateway.yaml'])('%s', (name) => {
  const config = parse(deployed(name)) as CollectorConfig;

  it('uses in its pipelines what it declares, and declares nothing in vain', () => {
    const pipelines = Object.values(config.service.pipelines);
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      const used = new Set(pipelines.flatMap((pipeline) => pipeline[kind]));
      expect([kind, [...used].sort()]).toEqual([kind, Object.keys(config[kind]).sort()]);
    }
    expect(config.service.extensions).toEqual(Object.keys(config.extensions));
  });

  it('guards its memory first and batches last', () => {
    for (const { processors } of Object.values(config.service.pipelines)) {
      expect([processors[0], processors.at(-1)]).toEqual(['memory_limiter', 'batch']);
    }
  });
});

it('the gateway leaves out the bandwidth histograms and nothing else', () => {
  const config = parse(deployed('otel-collector-gateway.yaml'));
  const [condition] = config.processors['filter/bandwidth'].metrics.metric as [string];
  const [, pattern = ''] = /^IsMatch\(name, "(.+)"\)$/.exec(condition) ?? [];
  // In OTTL's strings a backslash is written twice.
  const left = [...NAMES].filter((metric) => new RegExp(pattern.replaceAll('\\\\', '\\')).test(metric));
  expect(left).toEqual(['kv_cache.transfer.bandwidth', 'kv_cache.task.bandwidth', 'kv_cache.io.bandwidth']);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

it.skipIf(!promtool).each([
  ['prometheus.yml', 'prometheus'],
  ['prometheus-otlp.yml', 'otlp'],
] as const)('promtool takes %s (skipped: promtool is not there)', async (name, scheme) => {
  const folder = mkdtempSync(join(tmpdir(), 'kvscope-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeFiles(await readSet(scheme), join(folder, 'kvscope'));
  await cp(join(PAGES_FOLDER, 'deploy', name), join(folder, name));
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', join(folder, name)], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('SUCCESS: 1 rule files found');
});
