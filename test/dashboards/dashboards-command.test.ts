import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSet, SCHEMES } from '@kvscope/dashboards';
import { expect, it, onTestFinished } from 'vitest';
import { inThisProcess } from '../replay/in-this-process.ts';

it.each(SCHEMES)('writes every file of the set %s, and says which', async (scheme) => {
  const folder = await mkdtemp(join(tmpdir(), 'kvscope-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { code, stdout } = await inThisProcess(['dashboards', '--out', folder, '--scheme', scheme, '--json']);
  const set = await readSet(scheme);
  expect([code, JSON.parse(stdout)]).toEqual([0, { scheme, folder, files: [...set.keys()] }]);
  for (const [path, text] of set) expect(await readFile(join(folder, path), 'utf8')).toBe(text);
});

it.each([
  [[], /required option '--out <dir>' not specified/],
  [['--out', 'x', '--scheme', 'statsd'], /'statsd' is invalid\. Allowed choices are prometheus, otlp/],
])('%j is wrong usage: 2', async (args, message) => {
  const { code, stderr } = await inThisProcess(['dashboards', ...args]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
