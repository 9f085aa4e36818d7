import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** Io calls that are still under way may add a file to a directory that is being removed. */
const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/** A directory that goes with the process at the latest, also when that ends by `process.exit`. */
export async function temporaryDirectory(prefix: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const removeNow = (): void => rmSync(path, REMOVAL);
  process.on('exit', removeNow);
  return {
    path,
    async remove() {
      await rm(path, REMOVAL);
      process.off('exit', removeNow);
    },
  };
}
