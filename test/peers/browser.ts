import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A Chromium on PATH; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

export function startBrowser(executablePath: string): Promise<Browser> {
  // Its sandbox needs what root and containers do not have; it sees only what these tests make.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page, and what goes wrong on it. */
export interface OpenedPage {
  readonly page: Page;
  /** What the console says of errors and warnings, and what was thrown. */
  readonly troubles: readonly string[];
  /** Every URL that was asked for. */
  readonly requests: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, troubles, requests };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly unknown[] }[];
  }[];
}

/** Serious and critical violations that axe finds, with the places of the first few. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  // The page's policy lets no script in; this one comes by the debugger.
  await page.addInitScript({ path: AXE });
  await page.reload();
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ target }) => target.join(' '))
          .join(', ')}`,
    );
}

/** Ids of panels in which nothing is drawn: a canvas without a pixel, a table without a cell. */
export async function emptyPanels(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(EMPTY_PANELS)) as readonly string[];
}

const EMPTY_PANELS = `(() => {
  const drawn = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => i % 4 === 3 && value > 0);
  };
  return [...document.querySelectorAll('.panel')]
    .filter((panel) => {
      const canvases = [...panel.querySelectorAll('canvas')];
      return canvases.length > 0 ? !canvases.every(drawn) : panel.querySelector('td') === null;
    })
    .map(({ id }) => id);
})()`;
