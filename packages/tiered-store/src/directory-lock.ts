import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ifThere } from './if-there.js';
import { isRunning, type ProcessIdentity, sameProcess, thisProcess } from './process-identity.js';
import { StoreError } from './store-error.js';

const LOCK_FILE = 'lock';
/** A guard is named after the lock, or the guard, of a holder that is gone: its process id and its start. */
const GUARD_FILE = /^lock(\.\d+-\w*)+$/;

/**
 * Whether a file is a guard, which only those need who take over from a holder that is gone. Whoever has the lock
 * may remove all of them: that holder's own lock is gone then and does not come back, and nobody does anything
 * under a guard without having seen it. One that is still there was left by a process that died under it.
 */
export function isGuard(name: string): boolean {
  return GUARD_FILE.test(name);
}

export interface DirectoryLock {
  /** Lets another process in. Safe to call again. */
  release(): Promise<void>;
}

/**
 * Makes this process the only one that uses a directory. The lock is a file that names its holder; that of a
 * process that is gone is taken over. It needs a file system with hard links.
 * @throws StoreError `permission_denied` when another process, or another store of this one, holds it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  await claim(path, await thisProcess());
  let held = true;
  return {
    async release() {
      if (!held) return;
      held = false;
      await ifThere(unlink(path));
    },
  };
}

/**
 * Two processes may find the same dead holder at once, and the slower one must not remove the lock that the faster
 * one has just made. So whoever removes a dead holder's file first claims a guard that is named after that holder,
 * and looks again under it.
 */
async function claim(path: string, self: ProcessIdentity): Promise<void> {
  while (!(await create(path, self))) {
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (await isRunning(holder)) throw refused(path, holder);
    const guard = `${path}.${holder.pid}-${holder.started}`;
    await claim(guard, self);
    try {
      const now = await readHolder(path);
      if (now !== undefined && sameProcess(now, holder)) await ifThere(unlink(path));
    } finally {
      await ifThere(unlink(guard));
    }
  }
}

/** Makes the file with its content at once, through a link; false when it is there already. */
async function create(path: string, self: ProcessIdentity): Promise<boolean> {
  const draft = `${path}.${randomUUID()}.part`;
  await writeFile(draft, JSON.stringify(self), { flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    // ENOENT: whoever holds the directory by now has taken the draft for a leftover.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    await ifThere(unlink(draft));
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  const text = await ifThere(readFile(path, 'utf8'));
  if (text === undefined) return undefined;
  const holder = parse(text);
  if (holder !== undefined) return holder;
  throw new StoreError(
    'permission_denied',
    `${path} does not name its holder; if no process uses the directory, delete this file`,
  );
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof host === 'string' && Number.isInteger(pid) && typeof started === 'string') {
      return { host, pid: pid as number, started };
    }
  } catch {
    // Not written by us; the caller says what to do about it.
  }
  return undefined;
}

function refused(path: string, holder: ProcessIdentity): StoreError {
  const who = `process ${holder.pid} on ${holder.host}`;
  const remedy =
    holder.host === hostname()
      ? 'close that store, or use another directory'
      : `whether it still runs cannot be told from here; if it does not, delete ${path}`;
  return new StoreError('permission_denied', `${path} is held by ${who}: ${remedy}`);
}
