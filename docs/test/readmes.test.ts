import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRY } from '@kvscope/core';
import { expect, test } from 'vitest';
import { PAGES_FOLDER } from '../src/repository.ts';

/** Families that no package of their own records. */
const FOLDERS: Readonly<Record<string, string>> = { bus: 'instrumentation', source: 'sources' };

/** The README of the package that records a family. */
function readme(subscriber: string): string {
  const folder = FOLDERS[subscriber] ?? `subscriber-${subscriber}`;
  return readFileSync(join(PAGES_FOLDER, '..', 'packages', folder, 'README.md'), 'utf8');
}

test.each(REGISTRY.map((family) => [family.subscriber, family] as const))(
  'the README of %s names each of its metrics with its unit',
  (subscriber, { metrics }) => {
    const rows = readme(subscriber)
      .split('\n')
      .filter((line) => line.startsWith('| `kv_cache.'));
    const named = rows.map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    expect(named.map(([, name]) => name).sort()).toEqual(Object.keys(metrics).sort());
    for (const [, name, instrument] of named) expect(instrument).toContain(metrics[name as string]?.unit);
  },
);

test('the README of register lists the variables of the guide', () => {
  const table = /^\| variable \| meaning \| default \|\n(?:\|.*\n)+/m;
  const [guide] = table.exec(readFileSync(join(PAGES_FOLDER, 'register.md'), 'utf8')) ?? [];
  expect(guide).toContain('OTEL_METRICS_EXPORTER');
  expect(readFileSync(join(PAGES_FOLDER, '..', 'packages', 'register', 'README.md'), 'utf8')).toContain(
    guide,
  );
});
