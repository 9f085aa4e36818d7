import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere } from './if-there.js';

export interface FileEntry {
  readonly name: string;
  readonly bytes: number;
  /** Last modification. Epoch ms. */
  readonly modifiedTime: number;
}

/**
 * What the store asks of the file system for its blocks: all of L2's io goes through here. Wrap
 * {@link nodeBlockFiles} to inject faults or to slow a call down.
 */
export interface BlockFiles {
  /** Plain files of a directory, which is made when it is missing. */
  list(directory: string): Promise<FileEntry[]>;
  /**
   * Reads from `position` until `target` is full or the file ends.
   * @returns the bytes read: less than asked when the file ends before
   */
  read(path: string, target: Uint8Array, position: number): Promise<number>;
  /**
   * Makes or replaces a file.
   * @param durable true: it is on the device when this returns
   */
  write(path: string, content: Uint8Array, durable: boolean): Promise<void>;
  /** Puts a file in the place of another, at once: nobody sees half of it. */
  rename(from: string, to: string, durable: boolean): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The real file system. */
export const nodeBlockFiles: BlockFiles = {
  async list(directory) {
    await mkdir(directory, { recursive: true });
    const found: FileEntry[] = [];
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const status = await ifThere(stat(join(directory, entry.name)));
      if (status === undefined) continue;
      found.push({ name: entry.name, bytes: status.size, modifiedTime: status.mtimeMs });
    }
    return found;
  },

  async read(path, target, position) {
    const file = await open(path, 'r');
    try {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await file.read(target, done, target.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    } finally {
      await file.close();
    }
  },

  async write(path, content, durable) {
    const file = await open(path, 'w');
    try {
      await file.writeFile(content);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
  },

  async rename(from, to, durable) {
    await rename(from, to);
    if (durable) await syncDirectory(dirname(to));
  },

  remove: unlink,
};

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
