import { lstat, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createOutputFile } from '../src/output-file.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kvscope-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it('takes back a file that was begun', async () => {
  const place = await folder();
  const file = createOutputFile(join(place, 'trace.jsonl'));
  file.stream.end('half a tr');
  await finished(file.stream);
  expect([await file.takeBack(), await readdir(place)]).toEqual([true, []]);
});

it('leaves a device where it is', async () => {
  const path = join(await folder(), 'null');
  await symlink('/dev/null', path);
  const file = createOutputFile(path);
  file.stream.end('half a tr');
  await finished(file.stream);
  expect(await file.takeBack()).toBe(false);
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
});

it('leaves what it could not open', async () => {
  const place = await folder();
  const file = createOutputFile(place);
  await expect(finished(file.stream)).rejects.toThrow('EISDIR');
  expect(await file.takeBack()).toBe(false);
});
