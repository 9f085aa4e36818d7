import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockKey } from '@kvscope/core';
import type { BlockFiles } from './block-files.js';
import { keyOfName } from './block-name.js';
import { type DirectoryLock, isGuard, lockDirectory } from './directory-lock.js';
import type { Geometry } from './geometry.js';
import { ifThere } from './if-there.js';
import { StoreError, storeError } from './store-error.js';

export const BLOCK_SUFFIX = '.block';
/** A file that is being written; one that is found at opening was left by a process that died. */
export const PART_SUFFIX = '.part';
const SHAPE_FILE = 'store.json';
const FORMAT = 1;

export interface OpenedDirectory {
  readonly lock: DirectoryLock;
  /** Blocks found, the one written longest ago first. */
  readonly keys: readonly BlockKey[];
}

/**
 * Locks a directory, makes sure that its blocks have this shape, removes what a process that died left behind, and
 * tells which whole blocks are there: at most `capacity`, the newest.
 * @throws StoreError with the reason when any of it is not possible; the directory is not locked then
 */
export async function openDirectory(
  directory: string,
  geometry: Geometry,
  capacity: number,
  files: BlockFiles,
): Promise<OpenedDirectory> {
  try {
    await mkdir(directory, { recursive: true });
    const lock = await lockDirectory(directory);
    try {
      await checkShape(directory, geometry);
      return { lock, keys: await findBlocks(directory, geometry, capacity, files) };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw storeError(`opening ${directory}`, error);
  }
}

async function checkShape(directory: string, { layers, shards, shardBytes }: Geometry): Promise<void> {
  const path = join(directory, SHAPE_FILE);
  const wanted = JSON.stringify({ format: FORMAT, layers, shards, shardBytes });
  const found = await ifThere(readFile(path, 'utf8'));
  if (found === undefined) {
    await writeFile(path + PART_SUFFIX, wanted);
    await rename(path + PART_SUFFIX, path);
    return;
  }
  if (found === wanted) return;
  throw new StoreError(
    '_OTHER',
    `${directory} holds blocks of ${found.slice(0, 200)}, this store has ${wanted}; use another directory or delete this one`,
  );
}

async function findBlocks(
  directory: string,
  geometry: Geometry,
  capacity: number,
  files: BlockFiles,
): Promise<BlockKey[]> {
  const found: { key: BlockKey; name: string; modifiedTime: number }[] = [];
  const remove: string[] = [];
  for (const { name, bytes, modifiedTime } of await files.list(directory)) {
    if (name.endsWith(PART_SUFFIX) || isGuard(name)) remove.push(name);
    if (!name.endsWith(BLOCK_SUFFIX)) continue;
    const key = keyOfName(name.slice(0, -BLOCK_SUFFIX.length));
    if (key === undefined) continue;
    // Without fsync a power failure, unlike the death of a process, can leave a file that is too short.
    if (bytes === geometry.imageBytes) found.push({ key, name, modifiedTime });
    else remove.push(name);
  }
  found.sort((a, b) => a.modifiedTime - b.modifiedTime);
  for (const { name } of found.splice(0, Math.max(0, found.length - capacity))) remove.push(name);
  // Another process that is being refused may take its own draft of a lock away first.
  for (const name of remove) await ifThere(files.remove(join(directory, name)));
  return found.map(({ key }) => key);
}
