import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateCommand } from '../../packages/cli/dist/commands/generate.js';
import { replayCommand } from '../../packages/cli/dist/commands/replay.js';
import { kvscope } from './kvscope.ts';

const readme = await readFile(new URL('../../packages/cli/README.md', import.meta.url), 'utf8');

it.each([
  ['replay', replayCommand],
  ['generate', generateCommand],
])('the README of the command lists every option of %s', (name, make) => {
  const [, section = ''] = readme.split(`## ${name}\n`);
  const rows = section.split('\n## ')[0]?.matchAll(/^\| (`--[^|]+) \|/gm) ?? [];
  const listed = [...rows].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
  expect(listed.sort()).toEqual(
    make(() => undefined)
      .options.map(({ long }) => long)
      .sort(),
  );
});

it('the README of the command shows the figures of the bundled sample as they are', async () => {
  const [, shown = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const expected = JSON.parse(shown, (name, value: unknown) =>
    name === 'sum' ? expect.closeTo(value as number, 2) : value,
  ) as object;
  const { stdout } = await kvscope(['replay', '--json']);
  expect(JSON.parse(stdout)).toMatchObject(expected);
});
