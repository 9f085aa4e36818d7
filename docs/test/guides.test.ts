import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeBlocks, codeFiles } from '../src/code-blocks.ts';
import { writeExample } from '../src/example-program.ts';
import { PAGES_FOLDER } from '../src/repository.ts';

const GUIDES = readdirSync(PAGES_FOLDER).filter((name) => name.endsWith('.md'));
const READMES = globSync(['README.md', 'packages/*/README.md'], { cwd: join(PAGES_FOLDER, '..') });
const PAGES = [...GUIDES, ...READMES.map((path) => join('..', path))];
const pageText = (page: string): string => readFileSync(join(PAGES_FOLDER, page), 'utf8');

describe('the code in the pages', () => {
  const withCode = PAGES.filter((page) => codeFiles(pageText(page)).size > 0);

  test('is in the guides, the events page and the README', () => {
    const some = ['EVENTS.md', 'add-a-subscriber.md', 'producer-guide.md', 'register.md', '../README.md'];
    expect(withCode).toEqual(expect.arrayContaining(some));
  });

  test.each(withCode)('%s compiles, runs and prints what the page says', async (page) => {
    const onThisMachine = await standIns();
    const text = onThisMachine(pageText(page));
    const files = codeFiles(text);
    const program = await writeExample(files);
    onTestFinished(program.remove);
    expect(program.compile()).toEqual([]);
    const expected = new Map<string, string>();
    for (const block of codeBlocks(text).filter(({ language }) => language === 'text')) {
      const from = block.info.from ?? lastOf(files);
      expected.set(from, (expected.get(from) ?? '') + block.text);
    }
    for (const file of expected.size > 0 ? expected.keys() : [lastOf(files)]) {
      expect(await program.run(file)).toBe(expected.get(file) ?? '');
    }
  });

  test.each(PAGES)('%s has no TypeScript that is not compiled', (page) => {
    const outside = codeBlocks(pageText(page)).filter(
      ({ language, info }) => /^(ts|typescript|js|javascript)$/.test(language) && info.file === undefined,
    );
    expect(outside).toEqual([]);
  });
});

/** The page's well-known ports become free ones, that of the collector one which answers like a collector. */
async function standIns(): Promise<(text: string) => string> {
  const scraped = createServer();
  const collector = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  const [free, answering] = await Promise.all([portOf(scraped), portOf(collector)]);
  await new Promise((resolve) => scraped.close(resolve));
  onTestFinished(() => {
    collector.closeAllConnections();
    collector.close();
  });
  return (text) =>
    text.replaceAll('9464', String(free)).replaceAll('127.0.0.1:4318', `127.0.0.1:${answering}`);
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function lastOf(files: ReadonlyMap<string, string>): string {
  return [...files.keys()].at(-1) as string;
}

test.each(PAGES)('%s links to files and headings that exist', (page) => {
  for (const [, file = '', anchor] of pageText(page).matchAll(/\]\(([^):#]*)(?:#([^)]+))?\)/g)) {
    const target = file === '' ? page : join(dirname(page), file);
    expect(existsSync(join(PAGES_FOLDER, target))).toBe(true);
    if (anchor !== undefined) expect(anchors(pageText(target))).toContain(anchor);
  }
});

/** The anchors that GitHub gives to the headings of a page. */
function anchors(markdown: string): readonly string[] {
  const headings = markdown.matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-'),
  );
}
