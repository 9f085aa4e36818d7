import type { DiagnosisJson } from '@kvscope/report';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SICKNESSES, type SicknessName } from '../../packages/cli/src/demo/sickness.ts';
import { PLAYBOOKS } from '../../packages/dashboards/src/playbooks/playbooks.ts';
import { SCHEMES, type Scheme } from '../../packages/dashboards/src/scheme.ts';
import { kvscope } from '../replay/kvscope.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { otlpNames, refill } from './otlp-names.ts';
import { type Prometheus, prometheusVersion, scraped, startPrometheus } from './prometheus.ts';
import { type ServingCommand, serveCommand } from './serving-command.ts';

const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('prometheus', 'Install it: apt-get install prometheus');

/** What each sickness is to be diagnosed as; the first three have no playbook that is theirs alone. */
const DIAGNOSED: Readonly<Record<SicknessName, string | undefined>> = {
  faults: undefined,
  copy: undefined,
  keys: 'low-hit-ratio',
  queue: 'slow-loads',
  io: 'slow-lower-tier',
  writes: 'dump-back-pressure',
  compute: 'layerwise-no-speed-up',
  first: 'first-token-regression',
  handoff: 'save-tail',
  dump: 'dump-bound',
  worker: 'starved-workers',
  capacity: 'thrashing-tier',
  pollution: 'cache-pollution',
};
const PROVOKED = Object.entries(DIAGNOSED).flatMap(([sick, id]) =>
  id === undefined ? [] : [[sick, id] as const],
);

/** At a pace that a busy machine keeps, with blocks that are no work for its disk, and few layers: each is computed. */
const DEMO = ['demo', '--rate', '40', '--block-bytes', '1024', '--layers', '4'];

const diagnosisIn = (stdout: string) => JSON.parse(stdout) as DiagnosisJson;
/** What was found, for a failure to show. */
const found = ({ findings }: DiagnosisJson) =>
  findings.map(({ id, severity }) => `${id} ${severity.toFixed(2)}`);

it('each sickness is looked at, and each playbook has one', () => {
  expect(Object.keys(DIAGNOSED).sort()).toEqual(Object.keys(SICKNESSES).sort());
  expect(PROVOKED.map(([, id]) => id).sort()).toEqual(PLAYBOOKS.map(({ id }) => id).sort());
});

describe('at the end of a run', () => {
  const diagnosed = async (...args: string[]) => {
    const { code, stdout, stderr } = await kvscope([
      ...DEMO,
      '--diagnose',
      '--json',
      '--duration',
      '6',
      ...args,
    ]);
    expect(stderr).toBe('');
    const { diagnosis } = JSON.parse(stdout) as { diagnosis: DiagnosisJson };
    return { code, diagnosis };
  };

  it('a healthy one is found healthy', async () => {
    const { code, diagnosis } = await diagnosed();
    expect([found(diagnosis), diagnosis.healthy, code]).toEqual([[], true, 0]);
    // At that pace everything can be judged but storage, which is not read.
    expect(diagnosis.clear.length).toBeGreaterThanOrEqual(9);
  });

  it('--sick faults is a warning, with the kind of failure and its place', async () => {
    const { code, diagnosis } = await diagnosed('--sick', 'faults');
    expect(diagnosis.warnings).toContainEqual(
      expect.objectContaining({
        figure: 'io errors',
        labels: { kv_cache_tier: 'l2', kv_cache_io_direction: 'write', error_type: 'no_space' },
      }),
    );
    expect([diagnosis.healthy, code]).toEqual([false, 3]);
  });

  it.each(PROVOKED)('--sick %s is found to be %s first', async (sick, id) => {
    const { code, diagnosis } = await diagnosed('--sick', sick);
    expect([found(diagnosis), code]).toEqual([
      [expect.stringMatching(`^${id} `), ...found(diagnosis).slice(1)],
      3,
    ]);
  });
});

describe.skipIf(version === undefined)('over a Prometheus that scraped them', () => {
  // The healthy one is the last to start: starting a process is work that others wait for.
  const JOBS = {
    io: 'slow-lower-tier',
    worker: 'starved-workers',
    keys: 'low-hit-ratio',
    handoff: 'save-tail',
    healthy: undefined,
  };
  const undo: (() => Promise<unknown>)[] = [];
  const servers = new Map<Scheme, Prometheus>();
  let [from, to] = [0, 0];

  afterAll(async () => {
    for (const stop of undo.reverse()) await stop();
  });

  beforeAll(async () => {
    from = Date.now() / 1000;
    const demos = new Map<string, ServingCommand>();
    for (const job of Object.keys(JOBS)) {
      const sick = job === 'healthy' ? [] : ['--sick', job];
      const demo = await serveCommand([...DEMO, '--rate', '20', '--duration', '15', '--hold', ...sick]);
      undo.push(demo.stop);
      demos.set(job, demo);
    }
    const jobs = Object.fromEntries([...demos].map(([job, { url }]) => [job, [url]]));
    const prometheus = await startPrometheus({ jobs });
    undo.push(prometheus.stop);
    servers.set('prometheus', prometheus);
    await Promise.all([...demos.values()].map(({ held }) => held()));
    const targets = Object.values(jobs).flat();
    to = await scraped(prometheus, targets, Date.now() / 1000);
    await scraped(prometheus, targets, to);
    const samples = await prometheus.samples('{__name__=~"kv_cache_.+"}[10m]', to);
    const pages = await Promise.all(targets.map(async (url) => (await fetch(url)).text()));
    const otlp = await startPrometheus({ fill: (data) => refill(samples, otlpNames(pages), data) });
    undo.push(otlp.stop);
    servers.set('otlp', otlp);
  });

  it.each(SCHEMES)('each service is diagnosed by itself, in the names of %s', async (scheme) => {
    const { address } = servers.get(scheme) as Prometheus;
    const range = ['--from', String(from), '--to', String(to)];
    const { code, stdout, stderr } = await kvscope(['diagnose', '--prometheus', address, ...range, '--json']);
    expect([code, stderr]).toEqual([3, '']);
    const diagnosis = diagnosisIn(stdout);
    const first = Object.fromEntries(
      Object.keys(JOBS).map((job) => [
        job,
        diagnosis.findings.find(({ service }) => service.job === job)?.id,
      ]),
    );
    expect([first, found(diagnosis)]).toEqual([JOBS, found(diagnosis)]);
    // Its evidence can be asked again.
    const [evidence] = diagnosis.findings[0]?.cases[0]?.evidence ?? [];
    const answers = await (servers.get(scheme) as Prometheus).query(evidence?.promql ?? '', to);
    expect(answers.map(({ value }) => value)).toContainEqual(expect.closeTo(evidence?.value as number, 9));
  });

  it('one service may be asked for', async () => {
    const { address } = servers.get('prometheus') as Prometheus;
    const range = ['--from', String(from), '--to', String(to)];
    const of = (job: string) =>
      kvscope(['diagnose', '--prometheus', address, ...range, '--json', '--job', job]);
    const { code, stdout } = await of('healthy');
    expect([found(diagnosisIn(stdout)), code]).toEqual([[], 0]);
    const { code: failed, stderr } = await of('nobody');
    expect([failed, stderr]).toEqual([1, expect.stringContaining("no metric of kvscope of job 'nobody'")]);
  });

  it('a time without metrics is a failure that says so', async () => {
    const { address } = servers.get('prometheus') as Prometheus;
    const long = ['--from', '2001-01-01T00:00:00Z', '--to', '2001-01-01T01:00:00Z'];
    const { code, stderr } = await kvscope(['diagnose', '--prometheus', address, ...long]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('has no metric of kvscope in the 3600 s before'),
    ]);
  });
});

describe('between two scrapes', () => {
  it.each([
    ['healthy', undefined],
    ['io', 'slow-lower-tier'],
    ['worker', 'starved-workers'],
    ['dump', 'dump-bound'],
  ])('of one that is %s', async (sick, id) => {
    const demo = await serveCommand([...DEMO, '--duration', '12', ...(id ? ['--sick', sick] : [])]);
    onTestFinished(async () => {
      await demo.stop();
    });
    const { code, stdout, stderr } = await kvscope([
      'diagnose',
      '--metrics',
      demo.url.href,
      '--for',
      '8',
      '--json',
    ]);
    const diagnosis = diagnosisIn(stdout);
    expect([diagnosis.findings[0]?.id, code, stderr, found(diagnosis)]).toEqual([
      id,
      id === undefined ? 0 : 3,
      '',
      found(diagnosis),
    ]);
  });
});
