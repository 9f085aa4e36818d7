import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new folder outside the repository. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kvscope-'));
  // What wrote into it may take a moment to let go.
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
