import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT_NAMES, REGISTRY } from '@kvscope/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boundaryName } from '../src/boundary-lists.ts';
import { generatedPages, stalePages, writePages } from '../src/pages.ts';
import { PAGES_FOLDER } from '../src/repository.ts';

const pages = generatedPages();
const textOf = (file: string): string => pages.find((page) => page.file === file)?.text ?? '';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kvscope-docs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the committed pages are what the code says; if not: npm run docs', async () => {
  expect(await stalePages(pages, PAGES_FOLDER)).toEqual([]);
});

test('a missing and a changed page are stale, a written one is not', async () => {
  const folder = await emptyFolder();
  expect(await stalePages(pages, folder)).toEqual([
    'benchmarks.md',
    'EVENTS.md',
    'METRICS.md',
    'performance.md',
    'recipes.md',
  ]);
  await writePages(pages, folder);
  expect(await stalePages(pages, folder)).toEqual([]);
  await writeFile(join(folder, 'METRICS.md'), `${textOf('METRICS.md')} `);
  expect(await stalePages(pages, folder)).toEqual(['METRICS.md']);
});

test('generated twice, the pages are the same', () => {
  expect(generatedPages()).toEqual(pages);
});

test.each(pages)('$file says first that it is generated and how, and ends in one line break', ({ text }) => {
  expect(text).toMatch(
    /^<!-- Generated from [^\n]+: do not edit\. `npm run docs` writes it again\. -->\n\n# /,
  );
  expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  expect(text).not.toMatch(/undefined|\[object|\n\n\n|[ \t]\n/);
});

describe('EVENTS.md', () => {
  const headings = [...textOf('EVENTS.md').matchAll(/^### `(.+)`$/gm)].map(([, name]) => name);

  test('has one heading for each event, in the order of the catalog', () => {
    expect(headings).toEqual(EVENT_NAMES);
  });

  test('shows inherited, optional and nested fields, closed word lists and units', () => {
    const text = textOf('EVENTS.md');
    const section = (name: string) =>
      text
        .slice(text.indexOf(`### \`${name}\``))
        .split('\n\n')
        .slice(0, 3)
        .join('\n');
    expect(section('block.evicted')).toContain(
      '| `reason` | `capacity`, `expired`, `deleted`, `temporary`, `cleared` |  | Why they left. |',
    );
    expect(section('block.evicted')).toContain('| `keys` | `BlockKey[]` |');
    expect(section('tier.cleared')).toContain('| `blocks?` | `number` | `{block}` |');
    expect(section('task.finished')).toContain('| `shards.cache` | `number` | `{shard}` |');
    expect(section('window.started')).toContain('Published when: a measurement window began;');
    expect(text).toContain(
      '| `tiers[].capacity?` | `number` | `{block}` | Blocks the tier can hold; absent where',
    );
  });

  test('leaves no field without a meaning, and no number of something without its unit', () => {
    const rows = [...textOf('EVENTS.md').matchAll(/^\| `([\w.[\]]+)\??` \| (.+?) \| (.*?) \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(EVENT_NAMES.length * 3);
    const plain = new Set(['index', 'layer']);
    for (const [, field = '', type, unit, meaning] of rows) {
      expect(meaning).not.toBe('');
      if (type === '`number`' && !plain.has(field)) expect(unit).toMatch(/^`.+`$/);
    }
  });
});

describe('METRICS.md', () => {
  const text = textOf('METRICS.md');

  describe.each(REGISTRY)('subscriber $subscriber', ({ metrics }) => {
    test.each(Object.entries(metrics))('%s has its heading, its row and its facts', (name, metric) => {
      const rows = text.split('\n').filter((line) => line.startsWith(`| [\`${name}\`](#`));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(`| \`${metric.unit}\` | ${metric.grain} |`);
      const [section, ...others] = text.split(`### \`${name}\`\n`).slice(1);
      expect(others).toEqual([]);
      const facts = section?.split('\n#')[0];
      expect(facts).toContain(metric.description);
      for (const { name, values, presence } of metric.attributes) {
        const line = facts?.split('\n').find((fact) => fact.startsWith(`- \`${name}\``));
        for (const value of values) expect(line).toContain(`\`${value}\``);
        expect(line?.includes(`, ${presence}:`)).toBe(presence !== 'always');
      }
      expect(facts?.includes('- Boundaries: ')).toBe(metric.instrument === 'histogram');
    });
  });

  test('prints each named list of boundaries that is used, once', () => {
    const used = REGISTRY.flatMap(({ metrics }) => Object.values(metrics)).map(
      ({ boundaries }) => boundaries,
    );
    const names = used.flatMap((boundaries) => (boundaries && boundaryName(boundaries)) ?? []);
    expect(names).toContain('RESIDENCY');
    expect([...text.matchAll(/^### ([A-Z]+)$/gm)].map(([, name]) => name)).toEqual(
      [...new Set(names)].sort(),
    );
    expect(text.split('300, 600, 1200, 1800, 3600')).toHaveLength(2);
  });
});

describe('benchmarks.md', () => {
  const text = textOf('benchmarks.md');

  test('says of each row with a budget whether it is met, and lists those first that are not', () => {
    const rows = text.split('\n').filter((line) => / \| (met|missed)(, disturbed)? \|$/.test(line));
    const missed = rows.filter((row) => / \| missed(, disturbed)? \|$/.test(row));
    expect(text).toContain(`: ${rows.length - missed.length} budgets met, ${missed.length} missed.`);
    expect(text.match(/^- .+, budget .+$/gm)?.length ?? 0).toBe(missed.length);
  });

  test('marks what others measured as quoted', () => {
    const [measured = '', quoted = ''] = text.split('\n## Quoted\n');
    expect(quoted).toContain('| 362 ns |');
    expect(measured).not.toMatch(/Python|Java/);
  });
});
