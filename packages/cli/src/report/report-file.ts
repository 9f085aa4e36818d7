import { access, constants, open, rename, rm, stat, writeFile } from 'node:fs/promises';
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
  try {
    // A device or a pipe stays what it is.
    if (found !== undefined && !found.isFile()) await writeFile(file, text);
    else await replaceFile(file, text);
  } catch (error) {
    throw new Error(`the report could not be written to ${file}: ${reasonOf(error)}`);
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  // One that is there already is not ours.
  const handle = await open(beside, 'wx');
  try {
    await handle.writeFile(text).finally(() => handle.close());
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such folder' : message;
}
