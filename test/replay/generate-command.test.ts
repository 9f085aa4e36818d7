import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
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

it('refuses a value outside its range by name', async () => {
  const { code, stderr } = await kvscope(['generate', '--turns', '0']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--turns.*'0'.*above 0/);
});
