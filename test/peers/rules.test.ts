import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REGISTRY } from '@kvscope/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { createCatalog } from '../../packages/dashboards/src/catalog.ts';
import { PACKAGE_FOLDER } from '../../packages/dashboards/src/files.ts';
import { ALERTS } from '../../packages/dashboards/src/rules/alerts.ts';
import { SCHEMES, type Scheme } from '../../packages/dashboards/src/scheme.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { prometheusVersion } from './prometheus.ts';
import { ALERT_CASES, type AlertCase, type InputSeries } from './rule-cases.ts';
import { runProcess } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('promtool', 'Install it: apt-get install prometheus');

/** Minutes of samples, longer than any alert waits. */
const MINUTES = 30;
const TARGET = { job: 'gateway', instance: 'a:1' };

const rulesOf = (scheme: Scheme): string => join(PACKAGE_FOLDER, scheme, 'rules/kvscope.yaml');
const promtool = (...args: string[]) => runProcess('promtool', args, { withinMs: 30_000 });

it('each alert has a case in which it fires and one in which it must not', () => {
  expect([...new Set(ALERT_CASES.map(({ alert }) => alert))]).toEqual(ALERTS.map(({ name }) => name));
});

describe.skipIf(version === undefined).each(SCHEMES)('promtool, the rules of %s', (scheme) => {
  it('takes them', async () => {
    const { code, stdout, stderr } = await promtool('check', 'rules', rulesOf(scheme));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('sees each alert fire when it should, and not when it should not', async () => {
    const tests = ALERT_CASES.flatMap((given) => [
      ruleTest(scheme, given, given.fires, true),
      ruleTest(scheme, given, given.quiet, false),
    ]);
    const { code, said } = await runTests(scheme, tests);
    expect(said).toContain('SUCCESS');
    expect(code).toBe(0);
  });

  it('would say so if one did not fire', async () => {
    const [given] = ALERT_CASES as [AlertCase];
    const { code, said } = await runTests(scheme, [ruleTest(scheme, given, given.quiet, true)]);
    expect(code).toBe(1);
    expect(said).toContain('FAILED');
  });
});

async function runTests(scheme: Scheme, tests: readonly unknown[]) {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const file = join(folder.path, 'tests.yaml');
  await writeFile(file, stringify({ rule_files: [rulesOf(scheme)], evaluation_interval: '1m', tests }));
  const { code, stdout, stderr } = await promtool('test', 'rules', file);
  return { code, said: stdout + stderr };
}

function ruleTest(scheme: Scheme, given: AlertCase, series: readonly InputSeries[], fires: boolean) {
  const { severity, grouping, summary, description, playbook, name } = ALERTS.find(
    (alert) => alert.name === given.alert,
  ) as (typeof ALERTS)[number];
  const target = Object.fromEntries(Object.entries(TARGET).filter(([label]) => grouping.includes(label)));
  const labels: Record<string, string> = { ...target, ...given.labels };
  const annotations = {
    summary: summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? ''),
    description,
    ...(playbook !== undefined && { playbook }),
  };
  return {
    interval: '1m',
    input_series: series.map((input) => inputSeries(scheme, input)),
    alert_rule_test: [
      {
        eval_time: `${MINUTES}m`,
        alertname: name,
        exp_alerts: fires ? [{ exp_labels: { severity, ...labels }, exp_annotations: annotations }] : [],
      },
    ],
  };
}

function inputSeries(
  scheme: Scheme,
  { metric, part, labels = {}, perMinute = 0, level = 0, bornAfter = 0 }: InputSeries,
) {
  const name = createCatalog(REGISTRY, scheme).series(metric, part);
  const text = Object.entries({ ...TARGET, ...labels }).map(([label, value]) => `${label}="${value}"`);
  const absent = bornAfter > 0 ? `_x${bornAfter} ` : '';
  return {
    series: `${name}{${text.join(',')}}`,
    values: `${absent}${level}+${perMinute}x${MINUTES - bornAfter}`,
  };
}
