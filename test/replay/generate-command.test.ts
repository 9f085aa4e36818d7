import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inThisProcess } from './in-this-process.ts';
import { kvscope } from './kvscope.ts';

it('generates the same trace for the same options, plain or gzip, and replay reads it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kvscope-'));
  try {
    const out = join(folder, 'trace.jsonl.gz');
    const options = ['generate', '--requests', '300', '--seed', '7'];
    const [printed, written] = await Promise.all([kvscope(options), kvscope([...options, '--out', out])]);
    expect([printed.code, written.code, written.stdout]).toEqual([0, 0, '']);
    expect(gunzipSync(await readFile(out)).toString()).toBe(printed.stdout);
    const { stdout } = await kvscope(['replay', out, '--json']);
    const references = printed.stdout
      .trimEnd()
      .split('\n')
      .reduce((sum, line) => sum + (JSON.parse(line) as { hash_ids: number[] }).hash_ids.length, 0);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 300, lookups: references, malformed: 0 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  [['--turns', '0.5'], /--turns.*'0\.5'.*from 1 to 1000000/],
  [['--rate', '1e-9'], /--rate.*'1e-9'.*from 0\.000001 to 1000000/],
  [['--zipf-exponent', '11'], /--zipf-exponent.*'11'.*from 0 to 10/],
  [
    ['--context-tokens', '100'],
    /--context-tokens is 100; allowed: more than the 2048 tokens of a system prompt/,
  ],
])('%j is wrong usage: 2', async (args, message) => {
  const { code, stdout, stderr } = await inThisProcess(['generate', ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
