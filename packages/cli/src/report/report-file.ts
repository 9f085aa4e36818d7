import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Looks whether a file can be written there, before there is anything to write.
 * @throws Error in a sentence when it cannot
 */
export async function checkReportFile(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new Error(`the report cannot be written to ${file}: it is a folder`);
  try {
    await access(found === undefined || found.isFile() ? folder : file, constants.W_OK);
  } catch (error) {
    throw new Error(`the report cannot be written to ${file}: ${reasonOf(error)}`);
  }
}

/**
 * Writes a file that is there as a whole or not at all: who reads it meanwhile sees what was there before.
 * @throws Error in a sentence
 */
export async function writeReportFile(file: string, text: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    // A device or a pipe stays what it is.
    if (found !== undefined && !found.isFile()) return await writeFile(file, text);
    await writeFile(beside, text, { flag: 'wx' });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw new Error(`the report could not be written to ${file}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such folder' : message;
}
