import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkWatchConfig } from '../../packages/cli/src/watch/config/read-config.ts';
import { codeBlocks } from '../src/code-blocks.ts';
import { PAGES_FOLDER } from '../src/repository.ts';

const FOLDER = join(PAGES_FOLDER, 'deploy');
const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly volumeMounts?: readonly { readonly name: string }[];
}
interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly volumes?: readonly {
          readonly name: string;
          readonly configMap: { readonly name: string };
        }[];
      };
    };
  };
}

function documents(name: string): Workload[] {
  return parseAllDocuments(text(name)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Workload;
  });
}

function kvscopeOf(workload: Workload): Container {
  const { selector, template } = workload.spec;
  expect(workload.apiVersion).toBe('apps/v1');
  expect(template.metadata.labels).toMatchObject(selector.matchLabels);
  const container = template.spec.containers.find(({ name }) => name === 'kvscope') as Container;
  const ports = (container.ports ?? []).map(({ name }) => name);
  for (const probe of [container.livenessProbe, container.readinessProbe]) {
    if (probe !== undefined) expect(ports).toContain(probe.httpGet.port);
  }
  expect(container.livenessProbe?.httpGet.path).toBe('/healthz');
  expect((container.command ?? []).slice(0, 2)).toEqual(['kvscope', 'watch']);
  return container;
}

describe('Kubernetes', () => {
  it('the sidecar listens where its neighbour publishes, and serves the port that is probed', () => {
    const [deployment] = documents('kubernetes-sidecar.yaml') as [Workload];
    const kvscope = kvscopeOf(deployment);
    const engine = deployment.spec.template.spec.containers.find(({ name }) => name === 'vllm') as Container;
    const events = engine.args
      .find((arg) => arg.startsWith('--kv-events-config='))
      ?.split('=', 2)[1] as string;
    const { endpoint, replay_endpoint } = JSON.parse(events) as Record<string, string>;
    const here = (address = '') => address.replace('*', '127.0.0.1');
    expect(kvscope.command).toContain(here(endpoint));
    expect(kvscope.args).toEqual(
      expect.arrayContaining([here(replay_endpoint), `0.0.0.0:${kvscope.ports?.[0]?.containerPort}`]),
    );
  });

  it('the daemon set mounts a configuration that kvscope takes', () => {
    const [config, daemons] = documents('kubernetes-daemonset.yaml') as [Workload, Workload];
    const kvscope = kvscopeOf(daemons);
    const [volume] = daemons.spec.template.spec.volumes ?? [];
    expect(volume?.configMap.name).toBe(config.metadata.name);
    expect(kvscope.volumeMounts?.[0]?.name).toBe(volume?.name);
    const watch = checkWatchConfig(parse(config.data?.['watch.yaml'] as string), 'watch.yaml');
    expect(watch.sources[0]).toMatchObject({ bind: true });
    const ports = kvscope.ports?.map(({ containerPort }) => containerPort);
    expect(ports).toEqual([5557, Number(String(watch.prometheus).split(':')[1])]);
  });
});

it('the example configuration is one that kvscope takes', () => {
  const { sources } = checkWatchConfig(parse(text('watch.yaml')), 'watch.yaml');
  expect(sources.map(({ name }) => name)).toEqual(['prefill', 'decode', 'offload']);
});

it('so are those on the page', () => {
  const page = readFileSync(join(PAGES_FOLDER, 'watch.md'), 'utf8');
  const blocks = codeBlocks(page).filter(
    ({ language, text: code }) => language === 'yaml' && /^sources:/.test(code),
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) checkWatchConfig(parse(block.text), 'docs/watch.md');
});

const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;

it.skipIf(!analyze)('systemd takes the unit (skipped: systemd-analyze is not there)', () => {
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(FOLDER, 'kvscope-watch.service')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});
