import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkReportFile, writeReportFile } from '../../src/report/report-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a report', () => {
  it('takes the place of the one before it, and leaves nothing beside it', async () => {
    const file = join(folder, 'report.html');
    await writeReportFile(file, 'one');
    await writeReportFile(file, 'another');
    expect(await readFile(file, 'utf8')).toBe('another');
    expect(await readdir(folder)).toEqual(['report.html']);
  });

  it('that cannot be written leaves what was there', async () => {
    const file = join(folder, 'report.html');
    await writeFile(file, 'before');
    // What it would be written to first is taken.
    await mkdir(`${file}.${process.pid}.tmp`);
    await expect(writeReportFile(file, 'after')).rejects.toThrow(
      `the report could not be written to ${file}: `,
    );
    expect(await readFile(file, 'utf8')).toBe('before');
  });

  it('goes to a device as it is', async () => {
    await writeReportFile('/dev/null', 'text');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('before there is a report', () => {
  it('a place where it can be written is fine, and stays as it is', async () => {
    await checkReportFile(join(folder, 'report.html'));
    await checkReportFile('/dev/null');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['missing/report.html', /missing.report\.html: there is no such folder$/],
    ['.', /it is a folder$/],
  ])('%s is refused with the reason', async (name, reason) => {
    await expect(checkReportFile(join(folder, name))).rejects.toThrow(reason);
  });
});
