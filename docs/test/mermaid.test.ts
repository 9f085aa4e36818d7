import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRY } from '@kvscope/core';
import { JSDOM } from 'jsdom';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../src/code-blocks.ts';
import { PAGES_FOLDER } from '../src/repository.ts';

type Mermaid = typeof import('mermaid').default;

const DIAGRAMS = readdirSync(PAGES_FOLDER)
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    codeBlocks(readFileSync(join(PAGES_FOLDER, page), 'utf8'))
      .filter(({ language }) => language === 'mermaid')
      .map(({ text, line }) => [`${page}:${line}`, text] as const),
  );

let mermaid: Mermaid;
beforeAll(async () => {
  // It cleans labels through a document, even where it only parses.
  const { window } = new JSDOM('');
  Object.assign(globalThis, { window, document: window.document });
  mermaid = (await import('mermaid')).default;
});

it('there are diagrams of the load and the dump path, and one of the fleet', () => {
  expect(DIAGRAMS.map(([place]) => place.split(':')[0])).toEqual([
    'collector.md',
    'performance.md',
    'performance.md',
  ]);
});

describe.each(DIAGRAMS)('%s', (_, text) => {
  it('is what mermaid takes', async () => {
    expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'flowchart-v2' });
  });

  it('names metrics that exist', () => {
    const names = new Set(REGISTRY.flatMap(({ metrics }) => Object.keys(metrics)));
    const dotted = [...text.matchAll(/\b[a-z_]+(?:\.[a-z_]+)+\b/g)].map(([name]) => `kv_cache.${name}`);
    expect(dotted.filter((name) => !names.has(name))).toEqual([]);
  });
});

it('a diagram that is none is told', async () => {
  await expect(mermaid.parse('flowchart TD\n  a[ --> b')).rejects.toThrow('Parse error');
});
