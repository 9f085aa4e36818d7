import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ReportData } from '../../packages/report/src/page/report-data.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { chromiumPath, emptyPanels, openPage, seriousViolations, startBrowser } from './browser.ts';
import { KVSCOPE, serveLive } from './live-command.ts';
import { runProcess } from './running-process.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const chromium = chromiumPath();
if (chromium === undefined) reportAbsentPeer('chromium', 'Install it: apt-get install chromium');

const QUESTIONS = [
  'Is the cache helping?',
  'Which tier holds it?',
  "Where does a load's time go?",
  'Is loading hidden behind compute?',
  'What is evicted and missed again?',
  'Would more capacity help?',
  'Can these figures be trusted?',
];
const RUN_MS = 120_000;
/** Small tiers: everything happens within seconds. */
const DEMO = ['demo', '--l0', '100', '--l1', '300', '--l2', '700'];

describe.skipIf(chromium === undefined)('the report in a browser', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    browser = await startBrowser(chromium as string);
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await browser?.close();
    await folder?.remove();
  });

  async function dataOf(file: string): Promise<ReportData> {
    const html = await readFile(file, 'utf8');
    const [, json = ''] = /id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
    return JSON.parse(json) as ReportData;
  }

  describe('of a demo, from disk', () => {
    let file: string;
    let url: string;
    beforeAll(async () => {
      file = join(folder.path, 'demo.html');
      url = pathToFileURL(file).href;
      const ran = await runProcess(
        process.execPath,
        [KVSCOPE, ...DEMO, '--duration', '8', '--report', file],
        {
          withinMs: RUN_MS,
        },
      );
      expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`Report written to ${file}\n`) });
    });

    it('answers every question, each panel with data, and asks nobody', async () => {
      const { page, troubles, requests } = await openPage(browser, url);
      await page.locator('.panel').last().scrollIntoViewIfNeeded();
      expect(await page.locator('h2').allTextContents()).toEqual(['What stands in the way?', ...QUESTIONS]);
      expect(await emptyPanels(page)).toEqual([]);
      const { sections } = await dataOf(file);
      const drawn = await page.locator('.panel').evaluateAll((panels) => panels.map(({ id }) => id));
      expect(drawn).toEqual(sections.flatMap(({ panels }) => panels.map(({ id }) => id)));
      // A demo has everything but engines that publish, and failures.
      expect(sections.flatMap(({ absent }) => absent)).toEqual(['Failures', 'Lag']);
      expect(sections.filter(({ verdict }) => verdict.state === 'unknown').map(({ id }) => id)).toEqual([]);
      expect(troubles).toEqual([]);
      expect(requests.filter((request) => request !== url && !request.startsWith('data:'))).toEqual([]);
      await page.close();
    });

    it.each([
      [1280, 'light'],
      [1280, 'dark'],
      [400, 'light'],
      [400, 'dark'],
    ] as const)('is accessible and fits at %i px, %s', async (width, colorScheme) => {
      const { page, troubles } = await openPage(browser, url, {
        viewport: { width, height: 900 },
        colorScheme,
      });
      expect(await seriousViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(troubles).toEqual([]);
      await page.close();
    });

    it('is read by keyboard: a chart tells what is at its cursor, and its numbers open', async () => {
      const { page } = await openPage(browser, url);
      const chart = page.locator('#hit-ratio-per-tier .chart');
      const at = page.locator('#hit-ratio-per-tier .legend tbody .at');
      await tabTo(page, '#hit-ratio-per-tier .chart');
      expect((await at.allTextContents()).join('')).toBe('');
      await page.keyboard.press('End');
      const last = await page.locator('#hit-ratio-per-tier .legend tbody td:nth-child(2)').allTextContents();
      expect(await at.allTextContents()).toEqual(last);
      await page.keyboard.press('ArrowLeft');
      expect(await page.locator('#hit-ratio-per-tier .legend thead .at').textContent()).toMatch(
        /^\d\d:\d\d:\d\d$/,
      );
      await chart.evaluate((element) => (element as unknown as { blur(): void }).blur());
      expect((await at.allTextContents()).join('')).toBe('');

      await tabTo(page, '#hit-ratio-per-tier summary');
      await page.keyboard.press('Enter');
      const { sections } = await dataOf(file);
      const [panel] = sections[0]?.panels ?? [];
      const times = panel?.kind === 'lines' ? panel.times.length : 0;
      expect(times).toBeGreaterThan(10);
      // They are filled in a turn of their own.
      await until(
        page,
        `document.querySelectorAll('#hit-ratio-per-tier .numbers tbody tr').length === ${times}`,
      );

      await tabTo(page, '#heat-load-duration .chart');
      await page.keyboard.press('ArrowUp');
      expect(await page.locator('#heat-load-duration .cell').textContent()).toMatch(/, .+: .+\/s$/);
      await page.close();
    });

    it('prints on white, without what only a screen has', async () => {
      const { page } = await openPage(browser, url, { colorScheme: 'dark' });
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      );
      expect(await page.locator('nav').isVisible()).toBe(false);
      expect(await emptyPanels(page)).toEqual([]);
      expect((await page.pdf()).length).toBeGreaterThan(50_000);
      await page.close();
    });
  });

  it('a replay has the axis of its trace, and says so', async () => {
    const file = join(folder.path, 'replay.html');
    await runProcess(process.execPath, [KVSCOPE, 'replay', '--report', file], { withinMs: RUN_MS });
    const data = await dataOf(file);
    // Exactly what the summary of the bundled sample has.
    expect(data.sections[0]?.verdict.text).toBe(
      'The cache held 75.4 % of the 66,120 blocks that it was asked for: 34.7 % in l0, 34.4 % in l1, 6.36 % in l2.',
    );
    const { page, troubles } = await openPage(browser, pathToFileURL(file).href);
    expect(await page.locator('header').textContent()).toContain(
      '16:36 of the trace. Time is that of the trace',
    );
    expect(await emptyPanels(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('the live page goes on by itself, also after a reload, and shows the end', async () => {
    const live = await serveLive([...DEMO, '--rate', '20', '--duration', '600']);
    try {
      const { page, troubles, requests } = await openPage(browser, live.url);
      const updated = (times: number) =>
        until(page, `document.querySelector('.live').dataset.updates >= ${times}`);
      await updated(3);
      const asked = async (): Promise<number> => {
        const text = await page.locator('#helping .verdict').textContent();
        return Number(/of the ([\d,]+) blocks/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
      };
      const before = await asked();
      expect(before).toBeGreaterThan(0);
      await page.reload();
      await updated(2);
      expect(await asked()).toBeGreaterThan(before);
      await until(page, "document.querySelector('#stages .part') !== null");
      expect(await emptyPanels(page)).toEqual([]);

      await live.interrupt();
      await until(page, "document.querySelector('.live').textContent.includes('has ended')");
      expect((await live.ended).code).toBe(0);
      expect(new Set(requests.filter((url) => !url.startsWith('data:')))).toEqual(
        new Set([live.url, new URL('events', live.url).href]),
      );
      expect(troubles).toEqual([]);
      await page.close();
    } finally {
      await live.stop();
    }
  });
});

/** Waits until an expression holds on a page, whose policy lets nothing wait inside of it. */
function until(page: Page, expression: string): Promise<void> {
  const holds = async () => expect([expression, await page.evaluate(expression)]).toEqual([expression, true]);
  return vi.waitFor(holds, { timeout: RUN_MS, interval: 200 });
}

/** Presses the tabulator until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const there = `document.activeElement?.matches(${JSON.stringify(selector)}) === true`;
  for (let pressed = 0; pressed < 400; pressed++) {
    if (await page.evaluate(there)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached by the keyboard`);
}
