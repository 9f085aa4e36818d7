import { describe, expect, it } from 'vitest';
import { FLAVOURS, MIXED_APP, PRINTING_APPS, PRODUCER_APP, runReadmeApp } from './apps.ts';
import { samplesOf } from './exposition.ts';
import { printedMetrics, THREE_BLOCKS_STORED } from './printed-metrics.ts';
import type { Project } from './project.ts';

/** The tests that hold with every OTel JS and every Node.js. */
export function testFlavours(project: () => Project, node: string): void {
  describe.each(FLAVOURS)('written as $name', (flavour) => {
    it.each(PRINTING_APPS)('record what is published (%s)', async (app) => {
      const { stdout, stderr } = await project().node([`${flavour.folder}/${app}`], { node });
      expect(stderr).toBe('');
      expect(printedMetrics(stdout)).toEqual(THREE_BLOCKS_STORED);
    });

    it('have one bus for a producer in the other module format', async () => {
      const { stdout } = await project().node([`${flavour.folder}/${MIXED_APP}`], { node });
      expect(printedMetrics(stdout)).toEqual(THREE_BLOCKS_STORED);
    });

    it('are served to Prometheus by the code of the README', async () => {
      const page = await runReadmeApp(project(), flavour, node);
      const labels = { cache_name: 'main', kv_cache_tier: 'l1', kv_cache_store_cause: 'computed' };
      const [sample, ...others] = samplesOf('kv_cache_stores_total', page);
      expect(sample).toMatchObject({ labels, value: 2 });
      expect(others).toEqual([]);
    });

    it('are set up by node --import @kvscope/register', async () => {
      const { stdout, stderr } = await project().node(
        ['--import', '@kvscope/register', `${flavour.folder}/${PRODUCER_APP}`],
        { node, env: { OTEL_METRICS_EXPORTER: 'console' } },
      );
      expect(stderr).toMatch(
        /^kvscope: on: bus, lifecycle, shards, transfer, layerwise; metrics to console each 60 s\n$/,
      );
      expect(stdout).toMatch(THREE_BLOCKS_ON_CONSOLE);
    });
  });
}

const REGISTER = '@kvscope/register';
const OWN_SDK = './own-sdk.mjs';
const THREE_BLOCKS_ON_CONSOLE = /name: 'kv_cache\.stores',[\s\S]*cause': 'offloaded'[\s\S]*value: 3\n/;

/** What becomes of an application whose own SDK is set up before or after ours; metrics go to the console. */
export async function besideOwnSdk(project: Project, node: string, order: 'before' | 'after') {
  const preloads = order === 'before' ? [OWN_SDK, REGISTER] : [REGISTER, OWN_SDK];
  const { stdout, stderr } = await project.node(
    [...preloads.flatMap((module) => ['--import', module]), `esm-js/${PRODUCER_APP}`],
    {
      node,
      env: { OTEL_METRICS_EXPORTER: 'console', OTEL_TRACES_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'none' },
    },
  );
  return {
    recorded: THREE_BLOCKS_ON_CONSOLE.test(stdout),
    traced: stdout.includes('the application is traced\n'),
    announced: stderr.includes('kvscope: on: bus, lifecycle, shards, transfer, layerwise; metrics to '),
    joined: stderr.includes('metrics to the meter provider that was already there\n'),
  };
}
