import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MOST_STEPS } from '../../packages/report/src/answers.ts';
import type { ReportData } from '../../packages/report/src/page/report-data.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { chromiumPath, emptyPanels, openPage, startBrowser } from './browser.ts';
import { type GeneratedPrometheus, type Generation, generatePrometheus } from './generated-prometheus.ts';
import { KVSCOPE } from './live-command.ts';
import { prometheusVersion, startPrometheus } from './prometheus.ts';
import { runProcess } from './running-process.ts';
import { serveCommand } from './serving-command.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const chromium = chromiumPath();
if (chromium === undefined) reportAbsentPeer('chromium', 'Install it: apt-get install chromium');
const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('prometheus', 'Install it: apt-get install prometheus');

const RUN_MS = 120_000;
const MOST_BYTES = 5_000_000;
/** Of the processor: what a page takes on a machine with nothing else to do. */
const MOST_RENDER_S = 3;
const DAY: readonly string[] = ['--from', '2026-01-30T08:00:00Z', '--to', '2026-01-31T08:00:00Z'];
const HOSTILE = `l1"><script>window.taken = true</script><img src=x onerror="window.taken = true">'&amp;`;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.remove());

async function report(name: string, ...args: readonly string[]): Promise<{ file: string; data: ReportData }> {
  const file = join(folder.path, name);
  const ran = await runProcess(process.execPath, [KVSCOPE, 'report', ...args, '--out', file], {
    withinMs: RUN_MS,
  });
  expect(ran).toMatchObject({ code: 0, stdout: '', stderr: `Report written to ${file}\n` });
  const [, json = ''] = /id="report-data">(.*?)<\/script>/s.exec(await readFile(file, 'utf8')) ?? [];
  return { file, data: JSON.parse(json) as ReportData };
}

describe.skipIf(chromium === undefined)('the report of generated answers, in a browser', () => {
  let browser: Browser;
  const servers: GeneratedPrometheus[] = [];
  beforeAll(async () => {
    browser = await startBrowser(chromium as string);
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.stop();
  });
  const generated = async (generation: Generation): Promise<GeneratedPrometheus> => {
    const server = await generatePrometheus(generation);
    servers.push(server);
    return server;
  };

  it('a day of 50 instances is a small file and is drawn soon', async () => {
    const server = await generated({ instances: 50, tiers: ['l0', 'l1', 'l2'] });
    const { file, data } = await report('day.html', '--prometheus', server.url, ...DAY);
    expect(server.ranges()).toBeGreaterThan(50);
    const panels = data.sections.flatMap((section) => section.panels);
    const times = panels.flatMap((panel) => ('times' in panel ? [panel.times.length] : []));
    expect(Math.max(...times)).toBe(MOST_STEPS);
    expect(panels.length).toBeGreaterThan(30);
    const { size } = await stat(file);
    expect(size).toBeLessThan(MOST_BYTES);

    const { page, troubles } = await openPage(browser, pathToFileURL(file).href);
    expect(await emptyPanels(page)).toEqual([]);
    const debuggerSession = await page.context().newCDPSession(page);
    await debuggerSession.send('Performance.enable');
    await page.reload();
    expect(await page.locator('.panel').count()).toBe(panels.length);
    // Charts draw when they are given their size.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    const { metrics } = await debuggerSession.send('Performance.getMetrics');
    const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value as number;
    console.info(
      `${panels.length} panels, ${(size / 1e6).toFixed(2)} MB, ${seconds.toFixed(2)} s of processor time`,
    );
    expect(seconds).toBeLessThan(MOST_RENDER_S);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('a label that holds markup is shown as it is, and does nothing', async () => {
    const server = await generated({ instances: 2, tiers: ['l0', HOSTILE] });
    const { file } = await report('hostile.html', '--prometheus', server.url, ...DAY);
    const { page, troubles, requests } = await openPage(browser, pathToFileURL(file).href);
    expect(await page.locator('#hit-ratio-per-tier .legend').textContent()).toContain(HOSTILE);
    expect(await page.locator('#helping .verdict').count()).toBe(1);
    expect(await page.evaluate('window.taken')).toBeUndefined();
    expect(await page.locator('img, script[src]').count()).toBe(0);
    expect(requests.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(troubles).toEqual([]);
    await page.close();
  });
});

describe.skipIf(version === undefined)('the report of a real Prometheus', () => {
  it('says what the metrics of its processes say, and has each instance by itself', async () => {
    const tiers = ['--l0', '100', '--l1', '300', '--l2', '700'];
    const demos = [
      await serveCommand(['demo', ...tiers, '--rate', '60', '--duration', '600']),
      await serveCommand(['demo', ...tiers, '--rate', '60', '--duration', '600']),
    ];
    const urls = demos.map(({ url }) => url);
    const prometheus = await startPrometheus({ jobs: { demo: urls } });
    try {
      // By then each evicts, and blocks come back. The trace lasts for fifty seconds at that rate.
      const evicting = 'rate(kv_cache_evictions_total{kv_cache_tier="l0"}[5m])';
      await vi.waitFor(
        async () =>
          expect(await prometheus.query(`count(sum by (instance) (${evicting}) > 0) == 2`)).toHaveLength(1),
        { timeout: 40_000, interval: 500 },
      );
      const { data } = await report('prometheus.html', '--prometheus', prometheus.address, '--from', '5m');
      const section = (id: string) => data.sections.find((candidate) => candidate.id === id);
      expect(section('helping')?.verdict.text).toMatch(/^The cache held \d.* in l0, .* in l1/);
      expect(section('loads')?.verdict.text).toMatch(/^A load takes .*, most of it in the stage /);
      expect(data.sections.filter(({ verdict }) => verdict.state === 'unknown').map(({ id }) => id)).toEqual(
        [],
      );
      const instances = section('helping')?.panels.find(({ id }) => id === 'instances');
      expect(instances?.kind === 'table' && instances.rows.map(({ name }) => name).sort()).toEqual(
        urls.map(({ host }) => `demo ${host}`).sort(),
      );
      expect(data.findings).toBeInstanceOf(Array);
    } finally {
      await prometheus.stop();
      for (const demo of demos) await demo.stop();
    }
  });
});
