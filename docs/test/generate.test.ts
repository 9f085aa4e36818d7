import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../dist/generate.js', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function generate(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('writes the pages, finds them current, and names one that was edited', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kvscope-docs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  expect(await generate(folder)).toMatchObject({
    code: 0,
    stdout: 'wrote benchmarks.md, EVENTS.md, METRICS.md, performance.md, recipes.md\n',
  });
  expect(await generate('--check', folder)).toEqual({ code: 0, stdout: '', stderr: '' });

  const page = join(folder, 'EVENTS.md');
  await writeFile(page, `${await readFile(page, 'utf8')}edited\n`);
  expect(await generate('--check', folder)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'EVENTS.md is not what the code says: run `npm run docs`\n',
  });
});

test('an unknown option is wrong usage', async () => {
  const { code, stderr } = await generate('--chek');
  expect(code).toBe(2);
  expect(stderr).toContain("Unknown option '--chek'");
  expect(stderr).toContain('Usage: node docs/dist/generate.js [--check] [FOLDER]');
});
