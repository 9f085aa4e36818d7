import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REGISTRY } from '@kvscope/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCatalog } from '../../packages/dashboards/src/catalog.ts';
import { conditionPromql } from '../../packages/dashboards/src/condition.ts';
import { PACKAGE_FOLDER } from '../../packages/dashboards/src/files.ts';
import { DASHBOARDS } from '../../packages/dashboards/src/panels/dashboards.ts';
import { panelsOf } from '../../packages/dashboards/src/panels/panel.ts';
import { PLAYBOOKS } from '../../packages/dashboards/src/playbooks/playbooks.ts';
import { promqlOf } from '../../packages/dashboards/src/query/promql.ts';
import type { Query } from '../../packages/dashboards/src/query/query.ts';
import { dashboardScope, recipeScope, ruleScope, VIEWS } from '../../packages/dashboards/src/query/scope.ts';
import { RECIPES } from '../../packages/dashboards/src/recipes.ts';
import { labelName, SCHEMES, type Scheme } from '../../packages/dashboards/src/scheme.ts';
import { withVariables } from '../../packages/dashboards/test/promql.ts';
import { recordedAnswers } from '../../packages/report/src/evaluation/recorded-answers.ts';
import { ScrapeRecording } from '../../packages/report/src/recording/scrape-recording.ts';
import { parsePage } from '../../packages/report/src/recording/text-format.ts';
import { PublisherDouble } from '../../packages/sources/test/transport/publisher-double.ts';
import { remove, store } from '../../packages/sources/test/transport/setup.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { type Observation, type ObservedApp, startObservedApp, WORK } from './observed-app.ts';
import { otlpNames, refill } from './otlp-names.ts';
import {
  type Prometheus,
  prometheusVersion,
  type RawSeries,
  type Sample,
  scraped,
  startPrometheus,
} from './prometheus.ts';
import { type ServingCommand, serveCommand } from './serving-command.ts';

const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('prometheus', 'Install it: apt-get install prometheus');

const MOONCAKE = fileURLToPath(
  new URL('../../../shared/traces/mooncake_conversation_trace.jsonl', import.meta.url),
);
/** Small tiers and a short window: everything happens within seconds. */
const DEMO = [
  'demo',
  '--duration',
  '12',
  '--l0',
  '100',
  '--l1',
  '300',
  '--l2',
  '700',
  '--window',
  '1',
  '--hold',
];
/** Both sides add and divide doubles, each in its own order. */
const RELATIVE_ERROR = 1e-9;
/** Seconds since the epoch as a double are exact to a quarter of a microsecond, of ranges of a few seconds. */
const RELATIVE_TIME_ERROR = 1e-6;

interface PanelQuestion {
  readonly panel: string;
  readonly query: Query;
}

/** Every query of every panel. */
function questions(): readonly PanelQuestion[] {
  return DASHBOARDS.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ title, queries }) =>
      queries.map(({ query, legend }) => ({ panel: [dashboard.name, title, legend].join(' / '), query })),
    ),
  );
}

describe.skipIf(version === undefined)('dashboards over a real run', () => {
  const undo: (() => Promise<unknown>)[] = [];
  const servers = new Map<Scheme, Prometheus>();
  let app: ObservedApp;
  let at: number;
  let seriesCount: number;

  afterAll(async () => {
    for (const stop of undo.reverse()) await stop();
  });

  beforeAll(async () => {
    const engine = await PublisherDouble.start({ style: 'topic', buffer: 2 });
    undo.push(async () => engine.close());
    app = await startObservedApp();
    undo.push(app.stop);
    const serve = async (...args: string[]): Promise<ServingCommand> => {
      const command = await serveCommand(args);
      undo.push(command.stop);
      return command;
    };
    const watch = await serve(
      'watch',
      'vllm',
      engine.endpoint,
      '--replay',
      engine.replayEndpoint,
      '--sample-rate',
      '1',
    );
    // It keeps a processor busy: the demos come after it.
    const replay = await serve('replay', ...(existsSync(MOONCAKE) ? [MOONCAKE] : []), '--hold');
    await replay.held();
    const demos = [await serve(...DEMO), await serve(...DEMO, '--sick', 'faults')];
    const jobs = {
      demo: demos.map(({ url }) => url),
      app: [app.url],
      watch: [watch.url],
      replay: [replay.url],
    };
    const targets = Object.values(jobs).flat();
    const prometheus = await startPrometheus({
      jobs,
      rules: [join(PACKAGE_FOLDER, 'prometheus/rules/kvscope.yaml')],
    });
    undo.push(prometheus.stop);
    servers.set('prometheus', prometheus);

    app.begin();
    await engine.joined();
    await engine.publish([store(1n, 2n, 3n)], Date.now() / 1000);
    await scraped(prometheus, targets, Date.now() / 1000);
    app.work();
    await trouble(engine);
    await Promise.all(demos.map(({ held }) => held()));
    at = await scraped(prometheus, targets, Date.now() / 1000);
    // A scrape that began before that time may be stored after it: with the next ones there is no more to come.
    await scraped(prometheus, targets, at);

    const samples = await prometheus.samples('{__name__=~"kv_cache_.+"}[10m]', at);
    seriesCount = samples.length;
    const pages = await Promise.all(targets.map(async (url) => (await fetch(url)).text()));
    const otlp = await startPrometheus({ fill: (data) => refill(samples, otlpNames(pages), data) });
    undo.push(otlp.stop);
    servers.set('otlp', otlp);
  });

  const ask = (scheme: Scheme, query: Query, labels: readonly string[]): Promise<readonly Sample[]> => {
    const promql = promqlOf(query, dashboardScope(createCatalog(REGISTRY, scheme)));
    const server = servers.get(scheme) as Prometheus;
    return server.query(withVariables(promql, { view: labels.join(', '), range: '10m' }), at);
  };

  describe.each(SCHEMES)('in the names of %s', (scheme) => {
    it.each(VIEWS)('each query has an answer, and each ratio is one: $name', async ({ labels }) => {
      const empty: string[] = [];
      const outside: string[] = [];
      for (const { panel, query } of questions()) {
        const values = (await ask(scheme, query, labels)).map(({ value }) => value).filter(Number.isFinite);
        if (values.length === 0) empty.push(panel);
        if (query.means === 'ratio' && values.some((value) => value < 0 || value > 1)) {
          outside.push(`${panel}: ${values.join(', ')}`);
        }
      }
      expect({ empty, outside }).toEqual({ empty: [], outside: [] });
      console.info(`${questions().length} queries, ${labels.join(', ')}, ran over ${seriesCount} series`);
    });
  });

  it.each(SCHEMES)(
    'recipes have answers, and the signatures of playbooks can be asked: %s',
    async (scheme) => {
      const server = servers.get(scheme) as Prometheus;
      const scope = { ...recipeScope(createCatalog(REGISTRY, scheme)), range: '10m' };
      for (const { question, query } of RECIPES) {
        const answers = await server.query(promqlOf(query, scope), at);
        expect([question, answers.some(({ value }) => Number.isFinite(value))]).toEqual([question, true]);
      }
      const conditions = PLAYBOOKS.flatMap(({ signature, findings }) => [
        ...signature,
        ...findings.flatMap((finding) => finding.conditions),
      ]);
      for (const condition of conditions) {
        // Each figure is there; whether it is out of bounds is for the run to say.
        const figures = await server.query(promqlOf(condition.query, scope), at);
        await server.query(conditionPromql(condition, scope), at);
        expect([condition.figure, figures.length > 0]).toEqual([condition.figure, true]);
      }
    },
  );

  it('what adds up is the sum of the instances', async () => {
    const [aggregated, perInstance] = VIEWS;
    const keyOf = ({ labels: { instance, ...others } }: Sample) =>
      JSON.stringify(Object.entries(others).sort());
    for (const { panel, query } of questions().filter(({ query }) => query.means === 'additive')) {
      const sums = new Map<string, number>();
      for (const sample of await ask('prometheus', query, perInstance.labels)) {
        sums.set(keyOf(sample), (sums.get(keyOf(sample)) ?? 0) + sample.value);
      }
      const answers = await ask('prometheus', query, aggregated.labels);
      expect([panel, answers.map(keyOf).sort()]).toEqual([panel, [...sums.keys()].sort()]);
      for (const sample of answers) {
        const sum = sums.get(keyOf(sample)) as number;
        expect(Math.abs(sample.value - sum)).toBeLessThanOrEqual(RELATIVE_ERROR * Math.abs(sum));
      }
    }
  });

  it('a quantile lies in the bucket of the exact one', async () => {
    const seen = new Set<string>();
    for (const { panel, query } of questions()) {
      const question = query.asks.kind === 'quantile' ? query.asks : undefined;
      const observed = question && app.observed.get(question.metric);
      if (question === undefined || observed === undefined) continue;
      const boundaries = createCatalog(REGISTRY, 'prometheus').declaration(question.metric).boundaries ?? [];
      const labels = query.by.map(labelName);
      const answers = await ask('prometheus', query, ['job']);
      const exact = exactQuantile(question.q, observed);
      const wanted = (sample: Sample) =>
        sample.labels.job === 'app' &&
        labels.every((label) => sample.labels[label] === observed[0]?.labels[label]);
      const [answer] = answers.filter(wanted);
      if (answer === undefined) continue;
      seen.add(question.metric);
      const upper = boundaries.find((bound) => exact <= bound) ?? Number.POSITIVE_INFINITY;
      const lower = boundaries.filter((bound) => bound < exact).at(-1) ?? 0;
      // Above the last boundary Prometheus answers with that boundary.
      const most = Number.isFinite(upper) ? upper : lower;
      expect([
        panel,
        answer.value >= lower && answer.value <= most,
        lower,
        answer.value,
        most,
        exact,
      ]).toEqual([panel, true, lower, answer.value, most, exact]);
    }
    expect([...seen].sort()).toEqual([...app.observed.keys()].sort());
  });

  it('the same data under the names of OTLP gives the same answers', async () => {
    for (const { panel, query } of questions()) {
      const [one, other] = await Promise.all([
        ask('prometheus', query, ['job', 'instance']),
        ask('otlp', query, ['job', 'instance']),
      ]);
      expect([panel, plain(other)]).toEqual([panel, plain(one)]);
    }
  });

  it('scrapes in memory give the answers of the Prometheus that made them', async () => {
    const server = servers.get('prometheus') as Prometheus;
    const conditions = PLAYBOOKS.flatMap(({ signature, findings }) => [
      ...signature,
      ...findings.flatMap((finding) => finding.conditions),
    ]);
    const observed = PLAYBOOKS.flatMap(({ observed }) => observed);
    const asked: PanelQuestion[] = [
      ...questions(),
      ...RECIPES.map(({ question, query }) => ({ panel: question, query })),
      ...conditions.map(({ figure, query }) => ({ panel: figure, query })),
      ...observed.map(({ what, query }) => ({ panel: what, query })),
    ];
    const samples = await server.samples('{__name__=~"kv_cache_.+"}[10m]', at);
    const grouping = ['job', 'instance'];
    let answered = 0;
    for (const instance of new Set(samples.map(({ metric }) => metric.instance ?? ''))) {
      const target = samples.filter(({ metric }) => metric.instance === instance);
      const job = target[0]?.metric.job ?? '';
      const recording = recordingOf(target);
      const memory = recordedAnswers(recording, { source: instance, target: { job, instance }, grouping });
      // All of it, and what became of its middle third while there was more before and after it.
      const { times } = recording;
      const middle = times[Math.floor((times.length * 2) / 3)] as number;
      for (const [time, windowSeconds] of [
        [at, 600],
        [middle, Math.max(3, times.length / 3)],
      ] as const) {
        for (const { panel, query } of asked) {
          const scope = {
            ...ruleScope(
              createCatalog(REGISTRY, 'prometheus'),
              grouping,
              `${Math.round(windowSeconds * 1000)}ms`,
            ),
            matchers: [`instance="${instance}"`],
          };
          const there = (await server.query(promqlOf(query, scope), time)).filter(({ value }) =>
            Number.isFinite(value),
          );
          const here = await memory.at(query, { time, windowSeconds });
          const [ours, theirs] = [byLabels(here), byLabels(there)];
          expect([panel, job, windowSeconds, [...ours.keys()]]).toEqual([
            panel,
            job,
            windowSeconds,
            [...theirs.keys()],
          ]);
          for (const [labels, value] of ours) {
            const wanted = theirs.get(labels) as number;
            const near = Math.abs(value - wanted) <= RELATIVE_TIME_ERROR * Math.abs(wanted);
            expect([panel, job, windowSeconds, labels, value, near]).toEqual([
              panel,
              job,
              windowSeconds,
              labels,
              near ? value : wanted,
              true,
            ]);
          }
          answered += here.length;
        }
      }
    }
    console.info(`${asked.length} queries over ${samples.length} series gave ${answered} equal answers`);
    expect(answered).toBeGreaterThan(asked.length);
  });

  it('the rules are taken, run without an error and record', async () => {
    const prometheus = servers.get('prometheus') as Prometheus;
    // Each group is evaluated every 30 s.
    await vi.waitFor(
      async () => {
        const { groups } = (await prometheus.api('rules')) as {
          groups: readonly { rules: readonly { name: string; type: string; health: string }[] }[];
        };
        const rules = groups.flatMap((group) => group.rules);
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
        const recordings = rules.filter(({ type }) => type === 'recording').map(({ name }) => name);
        for (const name of recordings) {
          const found = await prometheus.query(`count_over_time(${name}[10m])`);
          expect([name, found.length > 0]).toEqual([name, true]);
        }
        // Whether they are still raised depends on how long the questions above took.
        const history = await prometheus.query('count_over_time(ALERTS[10m])');
        expect(history.map(({ labels }) => labels.alertname)).toEqual(
          expect.arrayContaining(['KvCacheIoErrors', 'KvCacheSubscriberErrors', 'KvCacheEventsMissed']),
        );
      },
      { timeout: 90_000, interval: 1000 },
    );
  });
});

/** A batch twice, three that are lost of which the engine still has two, and one that is no batch. */
async function trouble(engine: PublisherDouble): Promise<void> {
  const now = () => Date.now() / 1000;
  const batch = engine.make([remove(1n)], now());
  await engine.send(batch);
  await engine.send(batch);
  for (let i = 0; i < 3; i++) engine.make([store(BigInt(10 + i))], now());
  await engine.publish([store(20n)], now());
  const { sequence } = engine.make([], now());
  await engine.send({ sequence, payload: Buffer.from([0xc1]) });
  await engine.publish([remove(2n), ['BlockJumped', [1n]]], now());
}

/** The samples of one target as a recording of its pages. */
function recordingOf(series: readonly RawSeries[]): ScrapeRecording {
  const recording = new ScrapeRecording({ countFromBirth: false });
  const pages = new Map<number, string[]>();
  for (const { metric, values } of series) {
    const { __name__: name, job: _, instance: __, ...labels } = metric;
    const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    for (const [time, value] of values) {
      pages.set(time, [...(pages.get(time) ?? []), `${name}{${text.join(',')}} ${value}`]);
    }
  }
  for (const [time, lines] of [...pages].sort(([a], [b]) => a - b)) {
    recording.add(time, parsePage(lines.join('\n')));
  }
  return recording;
}

/** Of the smallest observations the share `q`, the largest. */
function exactQuantile(q: number, observed: readonly Observation[]): number {
  expect(observed).toHaveLength(WORK);
  const ascending = observed.map(({ value }) => value).sort((a, b) => a - b);
  return ascending[Math.ceil(q * WORK) - 1] as number;
}

function byLabels(samples: readonly Sample[]): ReadonlyMap<string, number> {
  const entries = samples.map(({ labels, value }): [string, number] => [
    JSON.stringify(Object.entries(labels).sort()),
    value,
  ]);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What two answers have to agree on, whatever their order. */
function plain(samples: readonly Sample[]) {
  return samples
    .map(({ labels, value }) => [JSON.stringify(Object.entries(labels).sort()), value.toPrecision(9)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}
