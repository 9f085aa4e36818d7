import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scheme } from './scheme.js';

/** Where this package is installed: the sets lie beside its code. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('..', import.meta.url));

/**
 * The files of a set, as they were made when this version was.
 * @returns texts by their paths, with `/` between folders
 */
export async function readSet(scheme: Scheme): Promise<ReadonlyMap<string, string>> {
  const folder = join(PACKAGE_FOLDER, scheme);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(path, 'utf8'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes files into a folder, which is made when it is missing. Files of the same name are replaced, others stay.
 * @throws the file system's error
 */
export async function writeFiles(files: ReadonlyMap<string, string>, folder: string): Promise<void> {
  for (const [path, text] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
